// Products on tensor cores that take bf16, which Ampere was the first to have. Every f32 number of x goes in as two bf16 numbers, so
// does every weight that is not bf16 itself; sums are f32. Rows of x come to `split` first, which pads them with zeros.
#include "mma.cuh"

// high + low = x, of rows of `deep` numbers; one thread for two of them.
KERNEL split(unsigned *high, unsigned *low, const float *x, int rows, int in, int deep, int pairs) {
  int at = thread_of_all();
  if (at < pairs) {
    int i = at % (deep / 2) * 2, row = at / (deep / 2);
    const float *from = x + (long long)row * in;
    float first = row < rows && i < in ? from[i] : 0;
    float second = row < rows && i + 1 < in ? from[i + 1] : 0;
    high[at] = packed_pair(first, second);
    low[at] = packed_rest(high[at], first, second);
  }
}

// out = x W^T for up to 8 TILES rows of x by a block of eight warps for 16 outputs, each warp with its share of the depth: weights
// go from memory into the tensor cores without a stop.
template <int T, Layout L, int TILES>
DEVICE void narrow(
    float *out, const Packed *high, const Packed *low, const byte *weight, int rows, int outs, int in, int deep) {
  const int WARPS = 8, SIDE = 8 * TILES;
  __shared__ float parts[WARPS * 16 * SIDE];
  int lane = threadIdx.x % 32, warp = threadIdx.x / 32, group = lane / 4, c = lane % 4;
  int o = blockIdx.x * 16 + group, first_row = blockIdx.y * SIDE;
  bool eights = whole_eights<T>(weight, in);
  float sums[TILES][4] = {};
#pragma unroll 2
  for (int i = warp * 32; i < deep; i += WARPS * 32) {
    Packed w, w_low, w8, w8_low;
    packed_weights<T, L>(weight, eights, o, i + c * 8, outs, in, w, w_low);
    packed_weights<T, L>(weight, eights, o + 8, i + c * 8, outs, in, w8, w8_low);
#pragma unroll
    for (int column = 0; column < TILES; column++) {
      long long at = ((long long)(first_row + column * 8 + group) * deep + i + c * 8) / 8;
      Packed x = high[at];
      mma(sums[column], w, w8, x);
      mma(sums[column], w, w8, low[at]);
      if (T != BF16) {
        mma(sums[column], w_low, w8_low, x);
      }
    }
  }
#pragma unroll
  for (int column = 0; column < TILES; column++) {
#pragma unroll
    for (int s = 0; s < 4; s++) {
      int row = column * 8 + 2 * c + s % 2;
      parts[(warp * SIDE + row) * 16 + group + s / 2 * 8] = sums[column][s];
    }
  }
  __syncthreads();
  for (int at = threadIdx.x; at < 16 * SIDE; at += blockDim.x) {
    float sum = 0;
    for (int w = 0; w < WARPS; w++) {
      sum += parts[w * 16 * SIDE + at];
    }
    int row = first_row + at / 16, to = blockIdx.x * 16 + at % 16;
    if (row < rows && to < outs) {
      out[(long long)row * outs + to] = sum;
    }
  }
}

// A tile of 128 rows of 32 packed numbers. Rows of four pieces lie without gaps, so eight lanes read or write all banks once.
const int TILE = 128;
const int PIECES = TILE * 4;

// Which piece of the tile of weights a thread brings: neighbours in a warp read what lies together in memory.
template <Layout L>
DEVICE int place_of(int piece) {
  return L == ROWS ? piece : piece % TILE * 4 + piece / TILE;
}

// The same for many rows of x: a block of eight warps for 128 outputs by 128 rows; while the tensor cores work on one step of 32 in
// depth, the next is on its way into registers.
template <int T, Layout L>
DEVICE void wide(
    float *out, const Packed *high, const Packed *low, const byte *weight, int rows, int outs, int in, int deep) {
  const int THREADS = 256, MINE = PIECES / THREADS;
  __shared__ Packed w_tile[PIECES], w_low_tile[T == BF16 ? 1 : PIECES], x_tile[PIECES], x_low_tile[PIECES];
  int lane = threadIdx.x % 32, warp = threadIdx.x / 32, group = lane / 4, c = lane % 4;
  int warp_out = warp % 2 * 64, warp_row = warp / 2 * 32;
  int first_out = blockIdx.x * TILE, first_row = blockIdx.y * TILE;
  bool eights = whole_eights<T>(weight, in);
  float sums[4][4][4] = {};
  Packed w[MINE], w_low[MINE], x[MINE], x_low[MINE];
  for (int i = -32; i < deep; i += 32) {
    if (i >= 0) {
      __syncthreads();
#pragma unroll
      for (int m = 0; m < MINE; m++) {
        int piece = threadIdx.x + m * THREADS, w_piece = place_of<L>(piece);
        w_tile[w_piece] = w[m];
        if (T != BF16) {
          w_low_tile[w_piece] = w_low[m];
        }
        x_tile[piece] = x[m];
        x_low_tile[piece] = x_low[m];
      }
      __syncthreads();
    }
    if (i + 32 < deep) {
#pragma unroll
      for (int m = 0; m < MINE; m++) {
        int piece = threadIdx.x + m * THREADS, next = i + 32 + piece % 4 * 8, w_piece = place_of<L>(piece);
        packed_weights<T, L>(
            weight, eights, first_out + w_piece / 4, i + 32 + w_piece % 4 * 8, outs, in, w[m], w_low[m]);
        long long at = ((long long)(first_row + piece / 4) * deep + next) / 8;
        x[m] = high[at];
        x_low[m] = low[at];
      }
    }
    if (i >= 0) {
      Packed column[4], column_low[4];
#pragma unroll
      for (int n = 0; n < 4; n++) {
        int at = (warp_row + n * 8 + group) * 4 + c;
        column[n] = x_tile[at];
        column_low[n] = x_low_tile[at];
      }
#pragma unroll
      for (int m = 0; m < 4; m++) {
        int at = (warp_out + m * 16 + group) * 4 + c;
        Packed row = w_tile[at], row8 = w_tile[at + 8 * 4];
#pragma unroll
        for (int n = 0; n < 4; n++) {
          mma(sums[m][n], row, row8, column[n]);
          mma(sums[m][n], row, row8, column_low[n]);
        }
        if (T != BF16) {
          row = w_low_tile[T == BF16 ? 0 : at], row8 = w_low_tile[T == BF16 ? 0 : at + 8 * 4];
#pragma unroll
          for (int n = 0; n < 4; n++) {
            mma(sums[m][n], row, row8, column[n]);
          }
        }
      }
    }
  }
#pragma unroll
  for (int m = 0; m < 4; m++) {
#pragma unroll
    for (int n = 0; n < 4; n++) {
#pragma unroll
      for (int s = 0; s < 4; s++) {
        int row = first_row + warp_row + n * 8 + 2 * c + s % 2;
        int to = first_out + warp_out + m * 16 + group + s / 2 * 8;
        if (row < rows && to < outs) {
          out[(long long)row * outs + to] = sums[m][n][s];
        }
      }
    }
  }
}

#define TENSOR(name, WORK, ...)                                                                        \
  KERNEL __launch_bounds__(256) name(                                                                  \
      float *out, const Packed *high, const Packed *low, const byte *weight, int rows, int outs, int in, int deep) { \
    WORK<__VA_ARGS__>(out, high, low, weight, rows, outs, in, deep);                                   \
  }
TENSOR(narrow_8_f32, narrow, F32, ROWS, 1)
TENSOR(narrow_8_f16, narrow, F16, ROWS, 1)
TENSOR(narrow_8_bf16, narrow, BF16, ROWS, 1)
TENSOR(narrow_8_q8_0, narrow, Q8_0, ROWS, 1)
TENSOR(narrow_8_q4_0, narrow, Q4_0, ROWS, 1)
TENSOR(narrow_8_q4_1, narrow, Q4_1, ROWS, 1)
TENSOR(narrow_8_q5_0, narrow, Q5_0, ROWS, 1)
TENSOR(narrow_8_q5_1, narrow, Q5_1, ROWS, 1)
TENSOR(narrow_8_q4_k, narrow, Q4_K, ROWS, 1)
TENSOR(narrow_8_q5_k, narrow, Q5_K, ROWS, 1)
TENSOR(narrow_8_q6_k, narrow, Q6_K, ROWS, 1)
TENSOR(narrow_8_columns_f32, narrow, F32, COLUMNS, 1)
TENSOR(narrow_8_columns_f16, narrow, F16, COLUMNS, 1)
TENSOR(narrow_8_columns_bf16, narrow, BF16, COLUMNS, 1)
TENSOR(narrow_32_f32, narrow, F32, ROWS, 4)
TENSOR(narrow_32_f16, narrow, F16, ROWS, 4)
TENSOR(narrow_32_bf16, narrow, BF16, ROWS, 4)
TENSOR(narrow_32_q8_0, narrow, Q8_0, ROWS, 4)
TENSOR(narrow_32_q4_0, narrow, Q4_0, ROWS, 4)
TENSOR(narrow_32_q4_1, narrow, Q4_1, ROWS, 4)
TENSOR(narrow_32_q5_0, narrow, Q5_0, ROWS, 4)
TENSOR(narrow_32_q5_1, narrow, Q5_1, ROWS, 4)
TENSOR(narrow_32_q4_k, narrow, Q4_K, ROWS, 4)
TENSOR(narrow_32_q5_k, narrow, Q5_K, ROWS, 4)
TENSOR(narrow_32_q6_k, narrow, Q6_K, ROWS, 4)
TENSOR(narrow_32_columns_f32, narrow, F32, COLUMNS, 4)
TENSOR(narrow_32_columns_f16, narrow, F16, COLUMNS, 4)
TENSOR(narrow_32_columns_bf16, narrow, BF16, COLUMNS, 4)
TENSOR(narrow_64_f32, narrow, F32, ROWS, 8)
TENSOR(narrow_64_f16, narrow, F16, ROWS, 8)
TENSOR(narrow_64_bf16, narrow, BF16, ROWS, 8)
TENSOR(narrow_64_q8_0, narrow, Q8_0, ROWS, 8)
TENSOR(narrow_64_q4_0, narrow, Q4_0, ROWS, 8)
TENSOR(narrow_64_q4_1, narrow, Q4_1, ROWS, 8)
TENSOR(narrow_64_q5_0, narrow, Q5_0, ROWS, 8)
TENSOR(narrow_64_q5_1, narrow, Q5_1, ROWS, 8)
TENSOR(narrow_64_q4_k, narrow, Q4_K, ROWS, 8)
TENSOR(narrow_64_q5_k, narrow, Q5_K, ROWS, 8)
TENSOR(narrow_64_q6_k, narrow, Q6_K, ROWS, 8)
TENSOR(narrow_64_columns_f32, narrow, F32, COLUMNS, 8)
TENSOR(narrow_64_columns_f16, narrow, F16, COLUMNS, 8)
TENSOR(narrow_64_columns_bf16, narrow, BF16, COLUMNS, 8)
TENSOR(wide_f32, wide, F32, ROWS)
TENSOR(wide_f16, wide, F16, ROWS)
TENSOR(wide_bf16, wide, BF16, ROWS)
TENSOR(wide_q8_0, wide, Q8_0, ROWS)
TENSOR(wide_q4_0, wide, Q4_0, ROWS)
TENSOR(wide_q4_1, wide, Q4_1, ROWS)
TENSOR(wide_q5_0, wide, Q5_0, ROWS)
TENSOR(wide_q5_1, wide, Q5_1, ROWS)
TENSOR(wide_q4_k, wide, Q4_K, ROWS)
TENSOR(wide_q5_k, wide, Q5_K, ROWS)
TENSOR(wide_q6_k, wide, Q6_K, ROWS)
TENSOR(wide_columns_f32, wide, F32, COLUMNS)
TENSOR(wide_columns_f16, wide, F16, COLUMNS)
TENSOR(wide_columns_bf16, wide, BF16, COLUMNS)
