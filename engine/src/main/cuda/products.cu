// Embeddings, transposition, and products with weights in every type they are stored in.
#include "weights.cuh"

template <int T>
DEVICE float element(const byte *table, int row, int column, int in) {
  return weight_at<T>(table + row * row_bytes<T>(in), column);
}

DEVICE float element(int type, const byte *table, int row, int column, int in) {
  switch (type) {
    case F64: return element<F64>(table, row, column, in);
    case F32: return element<F32>(table, row, column, in);
    case F16: return element<F16>(table, row, column, in);
    case BF16: return element<BF16>(table, row, column, in);
    case Q8_0: return element<Q8_0>(table, row, column, in);
    case Q4_0: return element<Q4_0>(table, row, column, in);
    case Q4_1: return element<Q4_1>(table, row, column, in);
    case Q5_0: return element<Q5_0>(table, row, column, in);
    case Q5_1: return element<Q5_1>(table, row, column, in);
    case Q4_K: return element<Q4_K>(table, row, column, in);
    case Q5_K: return element<Q5_K>(table, row, column, in);
    default: return element<Q6_K>(table, row, column, in);
  }
}

// out[row] = table[tokens[row]]
KERNEL embed(float *out, const byte *table, int type, const int *tokens, int in, int n) {
  int i = thread_of_all();
  if (i < n) {
    out[i] = element(type, table, tokens[i / in], i % in, in);
  }
}

template <class E>
DEVICE void transpose(E *out, const E *x, int rows, int columns) {
  long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x;
  if (i < (long long)rows * columns) {
    out[i] = x[i % rows * columns + i / rows];
  }
}

KERNEL transpose_16(unsigned short *out, const unsigned short *x, int rows, int columns) {
  transpose(out, x, rows, columns);
}

KERNEL transpose_32(unsigned *out, const unsigned *x, int rows, int columns) {
  transpose(out, x, rows, columns);
}

// out = x W^T for up to eight rows of x: a warp for each output, every weight read and decoded once. The sums of a row have the
// same order whatever the number of rows.
template <int T>
DEVICE void matvec(float *out, const float *x, const byte *weight, int rows, int outs, int in) {
  int o = (int)(blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32);
  int lane = threadIdx.x % 32;
  if (o >= outs) {
    return;
  }
  const byte *row = weight + o * row_bytes<T>(in);
  float sums[8] = {0, 0, 0, 0, 0, 0, 0, 0};
  for (int i = lane; i < in; i += 32) {
    float w = weight_at<T>(row, i);
#pragma unroll
    for (int r = 0; r < 8; r++) {
      if (r < rows) {
        sums[r] += w * x[(long long)r * in + i];
      }
    }
  }
#pragma unroll
  for (int r = 0; r < 8; r++) {
    if (r < rows) {
      float sum = warp_sum(sums[r]);
      if (lane == 0) {
        out[(long long)r * outs + o] = sum;
      }
    }
  }
}

#define MATVEC(name, T)                                                                                \
  KERNEL name(float *out, const float *x, const byte *weight, int rows, int outs, int in) {            \
    matvec<T>(out, x, weight, rows, outs, in);                                                         \
  }
MATVEC(matvec_f64, F64)
MATVEC(matvec_f32, F32)
MATVEC(matvec_f16, F16)
MATVEC(matvec_bf16, BF16)
MATVEC(matvec_q8_0, Q8_0)
MATVEC(matvec_q4_0, Q4_0)
MATVEC(matvec_q4_1, Q4_1)
MATVEC(matvec_q5_0, Q5_0)
MATVEC(matvec_q5_1, Q5_1)
MATVEC(matvec_q4_k, Q4_K)
MATVEC(matvec_q5_k, Q5_K)
MATVEC(matvec_q6_k, Q6_K)
