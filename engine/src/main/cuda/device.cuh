// What all kernels share. The same sources are compiled for cards by nvcc and, by the tests, for the CPU by a C++ compiler
// whose emulation of a block (emulator.hpp) stands in for everything below that only a card has.
#pragma once

#ifdef __CUDACC__
#include <stdint.h>
#define KERNEL extern "C" __global__ void
#define DEVICE __device__ __forceinline__
#define MEMBER static DEVICE
#define FULL_WARP 0xffffffffu

DEVICE float half_to_float(unsigned short bits) {
  float x;
  asm("{ .reg .b16 h; mov.b16 h, %1; cvt.f32.f16 %0, h; }" : "=f"(x) : "h"(bits));
  return x;
}

DEVICE unsigned short float_to_half(float x) {
  unsigned short bits;
  asm("{ .reg .b16 h; cvt.rn.f16.f32 h, %1; mov.b16 %0, h; }" : "=h"(bits) : "f"(x));
  return bits;
}
#else
#include "emulator.hpp"
#endif

DEVICE float bits_to_float(unsigned bits) {
  return __uint_as_float(bits);
}

DEVICE float bf16_to_float(unsigned short bits) {
  return __uint_as_float((unsigned)bits << 16);
}

// Rounded to nearest, ties to even.
DEVICE unsigned short float_to_bf16(float x) {
  unsigned bits = __float_as_uint(x);
  if ((bits & 0x7fffffffu) > 0x7f800000u) {
    return (unsigned short)((bits >> 16) | 0x40);
  }
  return (unsigned short)((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
}

DEVICE int thread_of_all() {
  return (int)(blockIdx.x * blockDim.x + threadIdx.x);
}

// The sum over the warp, in every lane; always added in the same order.
DEVICE float warp_sum(float x) {
  for (int lane = 16; lane > 0; lane >>= 1) {
    x += __shfl_xor_sync(FULL_WARP, x, lane);
  }
  return x;
}

DEVICE float warp_max(float x) {
  for (int lane = 16; lane > 0; lane >>= 1) {
    x = fmaxf(x, __shfl_xor_sync(FULL_WARP, x, lane));
  }
  return x;
}

// The sum over the block, in every thread; blocks are whole warps.
DEVICE float block_sum(float x) {
  __shared__ float sums[32];
  x = warp_sum(x);
  if (blockDim.x <= 32) {
    return x;
  }
  int warp = threadIdx.x / 32;
  int warps = (int)blockDim.x / 32;
  __syncthreads();
  if (threadIdx.x % 32 == 0) {
    sums[warp] = x;
  }
  __syncthreads();
  float sum = 0;
  for (int i = 0; i < warps; i++) {
    sum += sums[i];
  }
  return sum;
}

DEVICE float block_max(float x) {
  __shared__ float most[32];
  x = warp_max(x);
  if (blockDim.x <= 32) {
    return x;
  }
  int warps = (int)blockDim.x / 32;
  __syncthreads();
  if (threadIdx.x % 32 == 0) {
    most[threadIdx.x / 32] = x;
  }
  __syncthreads();
  float max = most[0];
  for (int i = 1; i < warps; i++) {
    max = fmaxf(max, most[i]);
  }
  return max;
}

DEVICE float sigmoid(float x) {
  return 1.0f / (1.0f + expf(-x));
}

// Number i of a vector that is one row of n numbers, or as many rows as there are.
DEVICE float periodic(const float *x, int i, int n) {
  return x[i < n ? i : i % n];
}
