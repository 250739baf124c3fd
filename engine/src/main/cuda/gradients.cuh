// The ways back through the recurrences of versions 5 to 7: a block takes one head of one sequence. The states inside a chunk are
// stepped again from the one that was kept: to every STRIDE tokens once, and from there to each of them, so that nothing is divided
// by a decay, which may be 0, and no more than three states wait in memory.
#pragma once
#include "recurrences.cuh"

#define STRIDE 4
#define STRIDES (CHUNK / STRIDE)

// All numbers of a thread's share of a state. Where N is the head's size they lie in registers; else (N = 0) in the block's
// scratch, n apart.
#define EACH(i) for (int i = 0; i < (N ? N : n); i++)
#define AT(x, i) x[(long long)(i) * (N ? 1 : n)]

// Reads numbers that are `apart`, or zeros where there are none.
template <int N>
DEVICE void take(float *share, const float *from, int apart, int n) {
#pragma unroll
  EACH(i) {
    AT(share, i) = from ? from[(long long)i * apart] : 0;
  }
}

template <int N>
DEVICE void put(float *to, const float *share, int n) {
#pragma unroll
  EACH(i) {
    to[(long long)i * n] = AT(share, i);
  }
}

template <int N>
DEVICE void add_share(float *to, const float *share, int n) {
#pragma unroll
  EACH(i) {
    to[(long long)i * n] += AT(share, i);
  }
}

DEVICE void add_at(float *to, long long at, float x) {
  if (to) {
    to[at] += x;
  }
}

// Copies rows of a head, `apart` numbers each, into shared memory, where the head's size is known.
template <int N>
DEVICE void share(float *to, const float *from, long long apart, int rows) {
  for (int q = 0; N && q < rows; q++) {
    to[q * N + threadIdx.x] = from[q * apart + threadIdx.x];
  }
}

// Row q of a head's STRIDE tokens from `first` on: from shared memory where N is the head's size, else from where it is.
#define SHARED(x) __shared__ __align__(16) float x##_shared[N ? STRIDE * N : 1]
#define SHARE(x) share<N>(x##_shared, x + first, channels, tokens)
#define ROW(x, q) (N ? x##_shared + (q) * N : x + first + (q) * channels)

// Thread j has column j of S and of D = dL/dS [value, key], over the values; and row j of D, over the keys. `scratch` has room for
// three states of every block, and three more where N = 0.
#define SHARES                                                                    \
  int n = N ? N : size, j = threadIdx.x;                                          \
  long long channels = (long long)heads * n, square = (long long)n * n;           \
  long long block = (long long)blockIdx.y * heads + blockIdx.x;                   \
  float *stops = scratch + block * (N ? STRIDES - 1 : STRIDES + 2) * square + j;  \
  float *lost = stops + (STRIDES - 1) * square;                                   \
  float own_state[N ? N : 1], own_column[N ? N : 1], own_row[N ? N : 1];          \
  float *state = N ? own_state : lost;                                            \
  float *column = N ? own_column : lost + square;                                 \
  float *row = N ? own_row : lost + 2 * square;                                   \
  const float *kept_column = kept + kept_place(time, heads, n) + j;

// Where a head's rows of a token begin.
#define PLACE(token) (((long long)blockIdx.y * time + (token)) * channels + blockIdx.x * n)

// S <- S w + v k, a column: v of all values; w and k of the thread's key.
template <int N>
DEVICE void step6(float *state, float w, float k, const float *v, int n) {
#pragma unroll
  EACH(i) {
    AT(state, i) = AT(state, i) * w + v[i] * k;
  }
}

// With S before a token, D after it and c = v dy:
//   dr = S' dy + c u k;  du += c r k;  dk = D' v + c u r;  dv = D k + (r u k) dy;  dw = sum over values of D S
//   D <- D w + dy r'
template <int N>
DEVICE void wkv6_way_back(
    float *decay_sums, float *bonus_sums, float *dr, float *dw, float *dk, float *dv, float *d_before, const float *dy,
    const float *d_after, const float *kept, float *scratch, const float *r, const float *w, const float *k, const float *v,
    const float *u, int time, int heads, int size, int w_step) {
  SHARES
  SHARED(r);
  SHARED(w);
  SHARED(k);
  SHARED(v);
  SHARED(dy);
  SHARED(u);
  long long first = blockIdx.x * n;
  int tokens = 1;
  SHARE(u);
  float uj = u[first + j];
  const float *us = ROW(u, 0);
  take<N>(column, d_after ? d_after + block * square + (long long)j * n : nullptr, 1, n);
  take<N>(row, d_after ? d_after + block * square + j : nullptr, n, n);
  double decays = 0, bonuses = 0;
  for (int end = time; end > 0;) {
    int from = (end - 1) / CHUNK * CHUNK, last = (end - 1) % CHUNK / STRIDE;
    const float *start = kept_column + from / CHUNK * square;
    take<N>(state, start, n, n);
    for (int stride = 0; stride < last; stride++) {
      first = PLACE(from + stride * STRIDE);
      tokens = STRIDE;
      __syncthreads();
      SHARE(v);
      __syncthreads();
      for (int q = 0; q < STRIDE; q++) {
        long long at = first + q * channels + j;
        step6<N>(state, w[w_step ? at : blockIdx.x * n + j], k[at], ROW(v, q), n);
      }
      put<N>(stops + stride * square, state, n);
    }
    for (int stride = last; stride >= 0; stride--) {
      first = PLACE(from + stride * STRIDE);
      tokens = min(STRIDE, end - from - stride * STRIDE);
      const float *decay = w + (w_step ? first : blockIdx.x * n);
      __syncthreads();
      SHARE(r);
      share<N>(w_shared, decay, w_step, tokens);
      SHARE(k);
      SHARE(v);
      SHARE(dy);
      __syncthreads();
      for (int q = tokens - 1; q >= 0; q--) {
        take<N>(state, stride ? stops + (stride - 1) * square : start, n, n);
        for (int p = 0; p < q; p++) {
          step6<N>(state, (N ? w_shared + p * N : decay + p * w_step)[j], ROW(k, p)[j], ROW(v, p), n);
        }
        const float *rs = ROW(r, q), *ks = ROW(k, q), *vs = ROW(v, q), *dys = ROW(dy, q);
        const float *ws = N ? w_shared + q * N : decay + q * w_step;
        float rj = rs[j], wj = ws[j], kj = ks[j], dyj = dys[j];
        float both = 0, read = 0, decayed = 0, key = 0, value = 0, written = 0;
#pragma unroll
        EACH(i) {
          float s = AT(state, i), d = AT(column, i);
          both += vs[i] * dys[i];
          read += s * dys[i];
          decayed += s * d;
          key += d * vs[i];
          AT(column, i) = d * wj + rj * dys[i];
        }
#pragma unroll
        EACH(i) {
          float d = AT(row, i);
          value += d * ks[i];
          written += rs[i] * us[i] * ks[i];
          AT(row, i) = d * ws[i] + rs[i] * dyj;
        }
        long long at = first + q * channels + j;
        add_at(dr, at, read + both * uj * kj);
        add_at(dw, at, decayed);
        add_at(dk, at, key + both * uj * rj);
        add_at(dv, at, value + written * dyj);
        decays += decayed;
        bonuses += (double)both * rj * kj;
      }
    }
    end = from;
  }
  decay_sums[block * n + j] = (float)decays;
  bonus_sums[block * n + j] = (float)bonuses;
  if (d_before) {
    add_share<N>(d_before + block * square + j, row, n);
  }
}

// S <- S w + v k - m e, a column: v, and m = S kk, of all values; w, k and e = kk a of the thread's key.
template <int N>
DEVICE void step7(float *state, float w, float k, float e, const float *v, const float *m, int n) {
#pragma unroll
  EACH(i) {
    AT(state, i) = AT(state, i) * w - m[i] * e + v[i] * k;
  }
}

// With S before a token, its successor T, and D after it, e = kk a and m = S kk:
//   dr = T' dy;  D <- D + dy r';  dw = sum over values of D S;  dk = D' v;  dv = D k
//   de = -D' m;  dm = -D e;  dkk = S' dm + a de;  da = kk de;  D <- D w + dm kk'
template <int N>
DEVICE void wkv7_way_back(
    float *dr, float *dw, float *dk, float *dv, float *dkk, float *da, float *d_before, const float *dy, const float *d_after,
    const float *kept, const float *dropped, float *scratch, const float *r, const float *w, const float *k, const float *v,
    const float *kk, const float *a, int time, int heads, int size) {
  SHARES
  SHARED(r);
  SHARED(w);
  SHARED(k);
  SHARED(v);
  SHARED(kk);
  SHARED(a);
  SHARED(dropped);
  SHARED(dy);
  __shared__ __align__(16) float d_dropped[2 * (N ? N : 1024)];
  take<N>(column, d_after ? d_after + block * square + j : nullptr, n, n);
  take<N>(row, d_after ? d_after + block * square + (long long)j * n : nullptr, 1, n);
  for (int end = time; end > 0;) {
    int from = (end - 1) / CHUNK * CHUNK, last = (end - 1) % CHUNK / STRIDE;
    const float *start = kept_column + from / CHUNK * square;
    take<N>(state, start, n, n);
    for (int stride = 0; stride <= last; stride++) {
      long long first = PLACE(from + stride * STRIDE);
      int tokens = min(STRIDE, end - from - stride * STRIDE);
      __syncthreads();
      SHARE(v);
      SHARE(dropped);
      SHARE(dy);
      __syncthreads();
      for (int q = 0; q < tokens; q++) {
        long long at = first + q * channels + j;
        const float *dys = ROW(dy, q);
        float read = 0;
        step7<N>(state, w[at], k[at], kk[at] * a[at], ROW(v, q), ROW(dropped, q), n);
#pragma unroll
        EACH(i) {
          read += AT(state, i) * dys[i];
        }
        add_at(dr, at, read);
      }
      if (stride < last) {
        put<N>(stops + stride * square, state, n);
      }
    }
    for (int stride = last; stride >= 0; stride--) {
      long long first = PLACE(from + stride * STRIDE);
      int tokens = min(STRIDE, end - from - stride * STRIDE);
      __syncthreads();
      SHARE(r);
      SHARE(w);
      SHARE(k);
      SHARE(v);
      SHARE(kk);
      SHARE(a);
      SHARE(dropped);
      SHARE(dy);
      __syncthreads();
      for (int q = tokens - 1; q >= 0; q--) {
        take<N>(state, stride ? stops + (stride - 1) * square : start, n, n);
        for (int p = 0; p < q; p++) {
          step7<N>(state, ROW(w, p)[j], ROW(k, p)[j], ROW(kk, p)[j] * ROW(a, p)[j], ROW(v, p), ROW(dropped, p), n);
        }
        const float *rs = ROW(r, q), *ws = ROW(w, q), *ks = ROW(k, q), *vs = ROW(v, q);
        const float *kks = ROW(kk, q), *as = ROW(a, q), *ms = ROW(dropped, q), *dys = ROW(dy, q);
        float rj = rs[j], wj = ws[j], kkj = kks[j], aj = as[j], dyj = dys[j];
        float decayed = 0, key = 0, erased = 0, value = 0, removed = 0, removal = 0;
#pragma unroll
        EACH(i) {
          float d = AT(column, i) + dys[i] * rj;
          AT(column, i) = d;
          decayed += d * AT(state, i);
          key += d * vs[i];
          erased -= d * ms[i];
        }
#pragma unroll
        EACH(i) {
          float d = AT(row, i) + dyj * rs[i];
          AT(row, i) = d;
          value += d * ks[i];
          removed -= d * (kks[i] * as[i]);
        }
        // Two rows take turns, so that nobody overwrites what another still reads.
        float *dms = d_dropped + (q & 1) * n;
        dms[j] = removed;
        __syncthreads();
#pragma unroll
        EACH(i) {
          removal += AT(state, i) * dms[i];
          AT(column, i) = AT(column, i) * wj + dms[i] * kkj;
        }
#pragma unroll
        EACH(i) {
          AT(row, i) = AT(row, i) * ws[i] + removed * kks[i];
        }
        long long at = first + q * channels + j;
        add_at(dw, at, decayed);
        add_at(dk, at, key);
        add_at(dv, at, value);
        add_at(dkk, at, removal + aj * erased);
        add_at(da, at, kkj * erased);
      }
    }
    end = from;
  }
  if (d_before) {
    add_share<N>(d_before + block * square + j, column, n);
  }
}
