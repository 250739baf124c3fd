// The tensor cores' product of bf16 numbers, and floats as sums of two bf16 numbers: x = high + low to 16 bits, so that products of
// activations with bf16 weights are as good as exact where f32 sums are.
#pragma once
#include "eights.cuh"

// Eight bf16 numbers of one row: a lane's part of two products of depth 16. In which order the depth is gone through does not
// matter as long as both sides agree, so lane c of four takes numbers 8c to 8c + 7, which lie together.
typedef uint4 Packed;

// sums += A B for A [16, 16] and B [16, 8]; lane 4 g + c gives of A the rows g (a0, a2) and g + 8 (a1, a3), of B the column g, and
// has of the sums [g][2 c], [g][2 c + 1] and the same of row g + 8.
DEVICE void mma(float *sums, unsigned a0, unsigned a1, unsigned a2, unsigned a3, unsigned b0, unsigned b1) {
#ifdef __CUDACC__
  asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
      : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3])
      : "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(b0), "r"(b1));
#else
  unsigned mine[6] = {a0, a1, a2, a3, b0, b1};
  emulated_exchange(mine, sizeof mine, 0);
  int lane = threadIdx.x % 32, group = lane / 4, c = lane % 4;
  for (int s = 0; s < 4; s++) {
    int lower = s / 2, column = 2 * c + s % 2;
    for (int k = 0; k < 4; k++) {
      unsigned a[6], b[6];
      memcpy(a, emulated_gifts() + (group * 4 + k) * emulated_stride, sizeof a);
      memcpy(b, emulated_gifts() + (column * 4 + k) * emulated_stride, sizeof b);
      for (int half = 0; half < 2; half++) {
        unsigned x = a[2 * half + lower], y = b[4 + half];
        sums[s] += __uint_as_float(x << 16) * __uint_as_float(y << 16);
        sums[s] += __uint_as_float(x & 0xffff0000u) * __uint_as_float(y & 0xffff0000u);
      }
    }
  }
  __syncwarp();
#endif
}

// sums += A B for depth 32.
DEVICE void mma(float *sums, const Packed &row, const Packed &row8, const Packed &column) {
  mma(sums, row.x, row8.x, row.y, row8.y, column.x, column.y);
  mma(sums, row.z, row8.z, row.w, row8.w, column.z, column.w);
}

DEVICE unsigned packed_pair(float first, float second) {
#ifdef __CUDACC__
  unsigned pair;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(second), "f"(first));
  return pair;
#else
  return (unsigned)float_to_bf16(first) | (unsigned)float_to_bf16(second) << 16;
#endif
}

DEVICE float first_of(unsigned pair) {
  return __uint_as_float(pair << 16);
}

DEVICE float second_of(unsigned pair) {
  return __uint_as_float(pair & 0xffff0000u);
}

// What a pair of bf16 numbers leaves of two floats; nothing of an infinity or of what is no number.
DEVICE unsigned packed_rest(unsigned pair, float first, float second) {
  float a = first - first_of(pair), b = second - second_of(pair);
  return packed_pair(a - a == 0 ? a : 0, b - b == 0 ? b : 0);
}

DEVICE void pack(const float *w, Packed &high, Packed &low) {
  high.x = packed_pair(w[0], w[1]), high.y = packed_pair(w[2], w[3]);
  high.z = packed_pair(w[4], w[5]), high.w = packed_pair(w[6], w[7]);
  low.x = packed_rest(high.x, w[0], w[1]), low.y = packed_rest(high.y, w[2], w[3]);
  low.z = packed_rest(high.z, w[4], w[5]), low.w = packed_rest(high.w, w[6], w[7]);
}

DEVICE Packed no_numbers() {
  Packed none;
  none.x = none.y = none.z = none.w = 0;
  return none;
}

// How a matrix lies in memory: [outs, in], or [in, outs] so that a product may leave out rows of inputs that are zero.
enum Layout { ROWS, COLUMNS };

// The weights i to i + 7 of output o, zeros outside of the matrix; bf16 has no low part.
template <int T, Layout L>
DEVICE void packed_weights(const byte *weight, bool eights, int o, int i, int outs, int in, Packed &high, Packed &low) {
  high = low = no_numbers();
  if (o >= outs || i >= in) {
    return;
  }
  const byte *row = weight + o * row_bytes<T>(in);
  if (L == ROWS && T == BF16 && eights) {
    high = ((const uint4 *)row)[i / 8];
    return;
  }
  float w[8];
  if (L == ROWS && (Stored<T>::numbers > 1 || eights)) {
    Eights<T>::decode(Eights<T>::load(row, i), w);
  } else {
#pragma unroll
    for (int j = 0; j < 8; j++) {
      const byte *at = L == ROWS ? row : weight + (i + j) * row_bytes<T>(outs);
      w[j] = i + j < in ? weight_at<T>(at, L == ROWS ? i + j : o) : 0;
    }
  }
  pack(w, high, low);
}
