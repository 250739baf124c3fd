// A block of a card's threads on one CPU core: every thread is a fiber, which runs until it waits for the others of its block or
// warp. Blocks run one after the other, so what a block shares may be static. For tests: slow, and it sees no race.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#define KERNEL extern "C" void
#define DEVICE static inline
#define MEMBER static inline
#define __shared__ static
#define FULL_WARP 0xffffffffu
#define __restrict__
#define __align__(n) __attribute__((aligned(n)))
#define __launch_bounds__(...)
#define __ldg(p) (*(p))

struct Index {
  unsigned x, y, z;
};
struct float2 { float x, y; };
struct __attribute__((aligned(16))) float4 { float x, y, z, w; };
struct uint2 { unsigned x, y; };
struct __attribute__((aligned(16))) uint4 { unsigned x, y, z, w; };
static inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }

extern Index threadIdx, blockIdx, blockDim, gridDim;

void __syncthreads();
void __syncwarp(unsigned mask = FULL_WARP);
// Gives `bytes` to the other lanes of the warp, and returns what lane `from` gave; the place is good until the next exchange.
const void *emulated_exchange(const void *mine, size_t bytes, int from);
// All lanes' gifts of the last exchange, `emulated_stride` bytes apart.
const unsigned char *emulated_gifts();
const size_t emulated_stride = 64;

template <class T>
static inline T __shfl_sync(unsigned, T x, int lane, int width = 32) {
  int mine = (int)threadIdx.x % 32;
  int from = mine / width * width + lane % width;
  T y;
  memcpy(&y, emulated_exchange(&x, sizeof(T), from), sizeof(T));
  __syncwarp();
  return y;
}

template <class T>
static inline T __shfl_xor_sync(unsigned mask, T x, int lane, int width = 32) {
  return __shfl_sync(mask, x, ((int)threadIdx.x % 32) ^ lane, 32);
}

template <class T>
static inline T __shfl_down_sync(unsigned mask, T x, int by, int width = 32) {
  int mine = (int)threadIdx.x % 32;
  return __shfl_sync(mask, x, mine % width + by < width ? mine + by : mine, 32);
}

static inline int __any_sync(unsigned, int p) {
  emulated_exchange(&p, sizeof p, 0);
  int any = 0;
  for (int lane = 0; lane < 32 && lane < (int)blockDim.x; lane++) {
    int other;
    memcpy(&other, emulated_gifts() + lane * emulated_stride, sizeof other);
    any |= other != 0;
  }
  __syncwarp();
  return any;
}

static inline unsigned __ballot_sync(unsigned, int p) {
  emulated_exchange(&p, sizeof p, 0);
  unsigned ballot = 0;
  for (int lane = 0; lane < 32 && lane < (int)blockDim.x; lane++) {
    int other;
    memcpy(&other, emulated_gifts() + lane * emulated_stride, sizeof other);
    ballot |= (other != 0 ? 1u : 0u) << lane;
  }
  __syncwarp();
  return ballot;
}

static inline int __popc(unsigned bits) { return __builtin_popcount(bits); }

static inline float __uint_as_float(unsigned bits) {
  float x;
  memcpy(&x, &bits, 4);
  return x;
}

static inline unsigned __float_as_uint(float x) {
  unsigned bits;
  memcpy(&bits, &x, 4);
  return bits;
}

static inline float half_to_float(unsigned short bits) {
  _Float16 x;
  memcpy(&x, &bits, 2);
  return (float)x;
}

static inline unsigned short float_to_half(float x) {
  _Float16 h = (_Float16)x;
  unsigned short bits;
  memcpy(&bits, &h, 2);
  return bits;
}

static inline int min(int a, int b) { return a < b ? a : b; }
static inline int max(int a, int b) { return a > b ? a : b; }
static inline float rsqrtf(float x) { return 1.0f / sqrtf(x); }
