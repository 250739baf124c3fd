// See emulator.hpp. Compiled together with all kernels into one library; x86-64 only, for the switch between fibers.
#include "emulator.hpp"

#include <cstdio>
#include <cstdlib>
#include <sys/mman.h>

Index threadIdx, blockIdx, blockDim, gridDim;

namespace {

const int MOST_THREADS = 1024;
const size_t STACK = 128 << 10;

enum Wait { RUNNING, AT_WARP, AT_BLOCK, ENDED };

struct Fiber {
  void *stack_pointer;
  Wait wait;
};

Fiber fibers[MOST_THREADS];
unsigned char *stacks;
void *scheduler;
int current;
unsigned char gifts[MOST_THREADS / 32][32 * emulated_stride];

void (*body)(void **);
void **body_arguments;

extern "C" void switch_stack(void **save, void *to);
asm(R"(
.text
.globl switch_stack
.type switch_stack,@function
switch_stack:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
)");

void yield(Wait why) {
  Fiber &me = fibers[current];
  me.wait = why;
  switch_stack(&me.stack_pointer, scheduler);
}

void run() {
  body(body_arguments);
  yield(ENDED);
  abort();
}

void start(int thread) {
  // Below the return address of `run` lie the six registers that a switch takes off; the stack is aligned as after a call.
  void **top = (void **)(stacks + (thread + 1) * STACK) - 2;
  top[0] = (void *)run;
  fibers[thread].stack_pointer = top - 6;
  fibers[thread].wait = RUNNING;
}

void resume(int thread) {
  current = thread;
  threadIdx = {(unsigned)thread, 0, 0};
  switch_stack(&scheduler, fibers[thread].stack_pointer);
}

// Runs fibers of a warp until all wait for the block or have ended; whether any waits.
bool run_warp(int from, int to) {
  for (;;) {
    bool at_warp = false, at_block = false;
    for (int t = from; t < to; t++) {
      if (fibers[t].wait == RUNNING) {
        resume(t);
      }
      at_warp |= fibers[t].wait == AT_WARP;
      at_block |= fibers[t].wait == AT_BLOCK;
    }
    if (!at_warp) {
      return at_block;
    }
    if (at_block) {
      fprintf(stderr, "emulator: lanes of a warp wait at different places\n");
      abort();
    }
    for (int t = from; t < to; t++) {
      if (fibers[t].wait == AT_WARP) {
        fibers[t].wait = RUNNING;
      }
    }
  }
}

void run_block(int threads) {
  for (int t = 0; t < threads; t++) {
    start(t);
  }
  bool waiting = true;
  while (waiting) {
    waiting = false;
    for (int from = 0; from < threads; from += 32) {
      waiting |= run_warp(from, from + 32 < threads ? from + 32 : threads);
    }
    for (int t = 0; t < threads; t++) {
      if (fibers[t].wait == AT_BLOCK) {
        fibers[t].wait = RUNNING;
      }
    }
  }
}

}  // namespace

void __syncthreads() {
  yield(AT_BLOCK);
}

void __syncwarp(unsigned) {
  yield(AT_WARP);
}

const void *emulated_exchange(const void *mine, size_t bytes, int from) {
  if (bytes > emulated_stride) {
    abort();
  }
  unsigned char *warp = gifts[current / 32];
  memcpy(warp + current % 32 * emulated_stride, mine, bytes);
  __syncwarp();
  return warp + from % 32 * emulated_stride;
}

const unsigned char *emulated_gifts() {
  return gifts[current / 32];
}

// Turns an array of arguments into a call; integers and floats lie in the lower half of theirs.
template <int... I>
struct Places {};
template <int N, int... I>
struct Count : Count<N - 1, N - 1, I...> {};
template <int... I>
struct Count<0, I...> {
  typedef Places<I...> type;
};

template <class T>
static T argument(void *slot) {
  T value;
  memcpy(&value, slot, sizeof(T));
  return value;
}

template <class... A, int... I>
static void call(void (*kernel)(A...), void **arguments, Places<I...>) {
  kernel(argument<A>(arguments[I])...);
}

template <class... A>
static void call(void (*kernel)(A...), void **arguments) {
  call(kernel, arguments, typename Count<sizeof...(A)>::type());
}

// How many parameters a kernel has.
template <class... A>
static constexpr int parameters(void (*)(A...)) {
  return sizeof...(A);
}

struct Entry {
  const char *name;
  void (*run)(void **);
  int parameters;
};

#include "table.inc"

// 0; 1 for no such kernel; 2 for another number of arguments.
extern "C" int emulator_launch(const char *name, int columns, int rows, int threads, int64_t *slots, int count) {
  if (stacks == nullptr) {
    stacks = (unsigned char *)mmap(
        nullptr, MOST_THREADS * STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  }
  for (const Entry &entry : TABLE) {
    if (strcmp(entry.name, name) == 0) {
      if (entry.parameters != count) {
        return 2;
      }
      void *arguments[64];
      for (int i = 0; i < count; i++) {
        arguments[i] = slots + i;
      }
      body = entry.run;
      body_arguments = arguments;
      blockDim = {(unsigned)threads, 1, 1};
      gridDim = {(unsigned)columns, (unsigned)rows, 1};
      for (unsigned y = 0; y < (unsigned)rows; y++) {
        for (unsigned x = 0; x < (unsigned)columns; x++) {
          blockIdx = {x, y, 0};
          run_block(threads);
        }
      }
      return 0;
    }
  }
  return 1;
}
