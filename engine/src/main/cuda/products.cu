// Embeddings, transposition, and products with weights in every type they are stored in.
#include "eights.cuh"

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

// out = x W^T for up to ROWS rows of x: a warp for OUTS outputs at a time, every weight read and decoded once. The sums of a row
// have the same order whatever the number of rows.
template <int T, int ROWS>
DEVICE void matvec(float *out, const float *x, const byte *weight, int rows, int outs, int in) {
  typedef Eights<T> E;
  const int OUTS = E::outs, STEPS = ROWS == 1 ? E::steps : 1;
  int first = (int)(blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32) * OUTS;
  int lane = threadIdx.x % 32;
  if (first >= outs) {
    return;
  }
  const byte *row[OUTS];
  float sums[OUTS][ROWS];
#pragma unroll
  for (int o = 0; o < OUTS; o++) {
    row[o] = weight + min(first + o, outs - 1) * row_bytes<T>(in);
#pragma unroll
    for (int r = 0; r < ROWS; r++) {
      sums[o][r] = 0;
    }
  }
  if (whole_eights<T>(weight, in) && (unsigned long long)x % 16 == 0) {
    for (int i = lane * 8; i < in; i += 256 * STEPS) {
      typename E::Raw raw[STEPS][OUTS];
#pragma unroll
      for (int s = 0; s < STEPS; s++) {
#pragma unroll
        for (int o = 0; o < OUTS; o++) {
          raw[s][o] = E::load(row[o], min(i + 256 * s, in - 8));
        }
      }
#pragma unroll
      for (int s = 0; s < STEPS; s++) {
        if (i + 256 * s < in) {
          float w[OUTS][8];
#pragma unroll
          for (int o = 0; o < OUTS; o++) {
            E::decode(raw[s][o], w[o]);
          }
#pragma unroll
          for (int r = 0; r < ROWS; r++) {
            if (r < rows) {
              float numbers[8];
              eight_floats(x + (long long)r * in + i + 256 * s, numbers);
#pragma unroll
              for (int o = 0; o < OUTS; o++) {
#pragma unroll
                for (int j = 0; j < 8; j++) {
                  sums[o][r] += w[o][j] * numbers[j];
                }
              }
            }
          }
        }
      }
    }
  } else {
    for (int i = lane; i < in; i += 32) {
#pragma unroll
      for (int o = 0; o < OUTS; o++) {
        float w = weight_at<T>(row[o], i);
#pragma unroll
        for (int r = 0; r < ROWS; r++) {
          if (r < rows) {
            sums[o][r] += w * x[(long long)r * in + i];
          }
        }
      }
    }
  }
#pragma unroll
  for (int r = 0; r < ROWS; r++) {
    if (r < rows) {
#pragma unroll
      for (int o = 0; o < OUTS; o++) {
        float sum = warp_sum(sums[o][r]);
        if (lane == 0 && first + o < outs) {
          out[(long long)r * outs + first + o] = sum;
        }
      }
    }
  }
}

// The same for any number of rows on cards whose tensor cores do not take bf16: tiles of 64 outputs by 64 rows, a thread for four
// by four of them.
template <int T>
DEVICE void tiled(float *out, const float *x, const byte *weight, int rows, int outs, int in) {
  const int SIDE = 64, DEEP = 16;
  __shared__ float w_tile[DEEP * SIDE], x_tile[DEEP * SIDE];
  int first_out = blockIdx.x * SIDE, first_row = blockIdx.y * SIDE;
  int across = threadIdx.x % 16, down = threadIdx.x / 16;
  float sums[4][4] = {};
  for (int from = 0; from < in; from += DEEP) {
    for (int at = threadIdx.x; at < DEEP * SIDE; at += blockDim.x) {
      int i = from + at % DEEP, side = at / DEEP;
      bool there = i < in;
      int o = first_out + side, r = first_row + side;
      w_tile[at % DEEP * SIDE + side] = there && o < outs ? weight_at<T>(weight + o * row_bytes<T>(in), i) : 0;
      x_tile[at % DEEP * SIDE + side] = there && r < rows ? x[(long long)r * in + i] : 0;
    }
    __syncthreads();
#pragma unroll
    for (int i = 0; i < DEEP; i++) {
#pragma unroll
      for (int r = 0; r < 4; r++) {
#pragma unroll
        for (int o = 0; o < 4; o++) {
          sums[r][o] += x_tile[i * SIDE + down + 16 * r] * w_tile[i * SIDE + across + 16 * o];
        }
      }
    }
    __syncthreads();
  }
  for (int r = 0; r < 4; r++) {
    for (int o = 0; o < 4; o++) {
      int to_row = first_row + down + 16 * r, to_out = first_out + across + 16 * o;
      if (to_row < rows && to_out < outs) {
        out[(long long)to_row * outs + to_out] = sums[r][o];
      }
    }
  }
}

#define PRODUCT(name, WORK, ...)                                                                       \
  KERNEL name(float *out, const float *x, const byte *weight, int rows, int outs, int in) {            \
    WORK<__VA_ARGS__>(out, x, weight, rows, outs, in);                                                 \
  }
PRODUCT(matvec_f64, matvec, F64, 1)
PRODUCT(matvec_f32, matvec, F32, 1)
PRODUCT(matvec_f16, matvec, F16, 1)
PRODUCT(matvec_bf16, matvec, BF16, 1)
PRODUCT(matvec_q8_0, matvec, Q8_0, 1)
PRODUCT(matvec_q4_0, matvec, Q4_0, 1)
PRODUCT(matvec_q4_1, matvec, Q4_1, 1)
PRODUCT(matvec_q5_0, matvec, Q5_0, 1)
PRODUCT(matvec_q5_1, matvec, Q5_1, 1)
PRODUCT(matvec_q4_k, matvec, Q4_K, 1)
PRODUCT(matvec_q5_k, matvec, Q5_K, 1)
PRODUCT(matvec_q6_k, matvec, Q6_K, 1)
PRODUCT(matvecs_f64, matvec, F64, 8)
PRODUCT(matvecs_f32, matvec, F32, 8)
PRODUCT(matvecs_f16, matvec, F16, 8)
PRODUCT(matvecs_bf16, matvec, BF16, 8)
PRODUCT(matvecs_q8_0, matvec, Q8_0, 8)
PRODUCT(matvecs_q4_0, matvec, Q4_0, 8)
PRODUCT(matvecs_q4_1, matvec, Q4_1, 8)
PRODUCT(matvecs_q5_0, matvec, Q5_0, 8)
PRODUCT(matvecs_q5_1, matvec, Q5_1, 8)
PRODUCT(matvecs_q4_k, matvec, Q4_K, 8)
PRODUCT(matvecs_q5_k, matvec, Q5_K, 8)
PRODUCT(matvecs_q6_k, matvec, Q6_K, 8)
PRODUCT(tiled_f64, tiled, F64)
PRODUCT(tiled_f32, tiled, F32)
PRODUCT(tiled_f16, tiled, F16)
PRODUCT(tiled_bf16, tiled, BF16)
PRODUCT(tiled_q8_0, tiled, Q8_0)
PRODUCT(tiled_q4_0, tiled, Q4_0)
PRODUCT(tiled_q4_1, tiled, Q4_1)
PRODUCT(tiled_q5_0, tiled, Q5_0)
PRODUCT(tiled_q5_1, tiled, Q5_1)
PRODUCT(tiled_q4_k, tiled, Q4_K)
PRODUCT(tiled_q5_k, tiled, Q5_K)
PRODUCT(tiled_q6_k, tiled, Q6_K)

// The places of the numbers of x that are not zero, in their order, and how many they are; one block.
KERNEL nonzeros(int *places, int *count, const float *x, int n) {
  __shared__ int before[32];
  __shared__ int found;
  int lane = threadIdx.x % 32, warp = threadIdx.x / 32, warps = (int)blockDim.x / 32;
  if (threadIdx.x == 0) {
    found = 0;
  }
  for (int from = 0; from < n; from += blockDim.x) {
    int i = from + threadIdx.x;
    bool there = i < n && x[i < n ? i : 0] != 0;
    unsigned of_warp = __ballot_sync(FULL_WARP, there);
    if (lane == 0) {
      before[warp] = __popc(of_warp);
    }
    __syncthreads();
    int place = found;
    for (int w = 0; w < warp; w++) {
      place += before[w];
    }
    if (there) {
      places[place + __popc(of_warp & ((1u << lane) - 1u))] = i;
    }
    __syncthreads();
    if (threadIdx.x == 0) {
      for (int w = 0; w < warps; w++) {
        found += before[w];
      }
    }
    __syncthreads();
  }
  if (threadIdx.x == 0) {
    *count = found;
  }
}

// Parts of out = x W^T where W is kept transposed [in, outs] and only rows of inputs that are not zero are read: a block for 256
// outputs and one of gridDim.y shares of the inputs, its eight warps taking turns; their sums are added in order.
template <int T>
DEVICE void sparse(float *parts, const float *x, const byte *weight, const int *places, const int *count, int outs) {
  typedef Eights<T> E;
  const int WARPS = 8, AHEAD = 4;
  __shared__ float sums[WARPS * 256];
  int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
  int o = blockIdx.x * 256 + lane * 8;
  int n = *count, step = WARPS * (int)gridDim.y;
  float sum[8] = {0, 0, 0, 0, 0, 0, 0, 0};
  for (int from = blockIdx.y * WARPS + warp; from < n; from += step * AHEAD) {
    typename E::Raw raw[AHEAD];
    float number[AHEAD];
#pragma unroll
    for (int a = 0; a < AHEAD; a++) {
      int place = places[min(from + a * step, n - 1)];
      number[a] = from + a * step < n ? x[place] : 0.0f;
      raw[a] = E::load(weight + place * row_bytes<T>(outs), min(o, outs - 8));
    }
#pragma unroll
    for (int a = 0; a < AHEAD; a++) {
      float w[8];
      E::decode(raw[a], w);
      if (from + a * step < n) {
#pragma unroll
        for (int j = 0; j < 8; j++) {
          sum[j] += w[j] * number[a];
        }
      }
    }
  }
#pragma unroll
  for (int j = 0; j < 8; j++) {
    sums[warp * 256 + j * 32 + lane] = sum[j];
  }
  __syncthreads();
  int j = threadIdx.x % 8, of = threadIdx.x / 8;
  float all = 0;
  for (int w = 0; w < WARPS; w++) {
    all += sums[w * 256 + j * 32 + of];
  }
  int to = blockIdx.x * 256 + threadIdx.x;
  if (to < outs) {
    parts[(long long)blockIdx.y * outs + to] = all;
  }
}

#define SPARSE(name, T)                                                                                \
  KERNEL name(float *parts, const float *x, const byte *weight, const int *places, const int *count, int outs) { \
    sparse<T>(parts, x, weight, places, count, outs);                                                  \
  }
SPARSE(sparse_f32, F32)
SPARSE(sparse_f16, F16)
SPARSE(sparse_bf16, BF16)

// out = the sum of the parts, in their order.
KERNEL sum_parts(float *out, const float *parts, int count, int n) {
  int i = thread_of_all();
  if (i < n) {
    float sum = 0;
    for (int part = 0; part < count; part++) {
      sum += parts[(long long)part * n + i];
    }
    out[i] = sum;
  }
}
