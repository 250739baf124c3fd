// The recurrences of versions 5 to 7, tokens in order: a block steps one head of one sequence. For training the state before
// every CHUNK tokens is kept.
#pragma once
#include "device.cuh"

#define CHUNK 16

// Where a block's kept states [chunk, value, key] begin; kernels run over heads x sequences.
DEVICE long long kept_place(int time, int heads, int n) {
  return ((long long)blockIdx.y * heads + blockIdx.x) * ((time + CHUNK - 1) / CHUNK) * n * n;
}

// Writes all keys of a thread's value, from registers or from numbers of the state that are `step` apart.
template <int N>
DEVICE void keep(float *to, const float *s, const float *state, int step, int n) {
  if (N) {
#pragma unroll
    for (int j = 0; j < N; j += 4) {
      ((float4 *)to)[j / 4] = make_float4(s[j], s[j + 1], s[j + 2], s[j + 3]);
    }
  } else {
    for (int j = 0; j < n; j++) {
      to[j] = state[(long long)j * step];
    }
  }
}

// Thread j has column j of S [key, value], in registers where N is the head's size, else (N = 0) where the state is.
template <int N>
DEVICE void wkv6_head(
    float *y, float *state, float *kept, const float *r, const float *w, const float *k, const float *v, const float *u, int time,
    int heads, int size, int w_step) {
  __shared__ float rs[1024], ws[1024], ks[1024], us[1024];
  int n = N ? N : size;
  int head = blockIdx.x, j = threadIdx.x;
  long long channels = (long long)heads * n;
  float *column = state + ((long long)blockIdx.y * heads + head) * n * n + j;
  float *kept_row = kept + kept_place(time, heads, n) + (long long)j * n;
  float s[N ? N : 1];
  if (N) {
#pragma unroll
    for (int i = 0; i < N; i++) {
      s[i] = column[i * N];
    }
  }
  us[j] = u[head * n + j];
  for (int t = 0; t < time; t++) {
    long long row = (long long)blockIdx.y * time + t;
    long long at = row * channels + head * n + j;
    if (kept && t % CHUNK == 0) {
      keep<N>(kept_row + (long long)(t / CHUNK) * n * n, s, column, n, n);
    }
    __syncthreads();
    rs[j] = r[at];
    ks[j] = k[at];
    ws[j] = w[row * w_step + head * n + j];
    __syncthreads();
    float vj = v[at], read = 0;
    if (N) {
#pragma unroll
      for (int i = 0; i < N; i++) {
        float kv = ks[i] * vj;
        read += rs[i] * (s[i] + us[i] * kv);
        s[i] = ws[i] * s[i] + kv;
      }
    } else {
      for (int i = 0; i < n; i++) {
        float kv = ks[i] * vj, before = column[(long long)i * n];
        read += rs[i] * (before + us[i] * kv);
        column[(long long)i * n] = ws[i] * before + kv;
      }
    }
    y[at] = read;
  }
  if (N) {
#pragma unroll
    for (int i = 0; i < N; i++) {
      column[i * N] = s[i];
    }
  }
}

// Thread i has row i of S [value, key]. What a token removes, S kk, goes to `dropped`, [batch, time, channels].
template <int N>
DEVICE void wkv7_head(
    float *y, float *state, float *kept, float *dropped, const float *r, const float *w, const float *k, const float *v,
    const float *kk, const float *a, int time, int heads, int size) {
  __shared__ float rs[1024], ws[1024], ks[1024], kks[1024], erase[1024];
  int n = N ? N : size;
  int head = blockIdx.x, i = threadIdx.x;
  long long channels = (long long)heads * n;
  float *row = state + (((long long)blockIdx.y * heads + head) * n + i) * n;
  float *kept_row = kept + kept_place(time, heads, n) + (long long)i * n;
  float s[N ? N : 1];
  if (N) {
#pragma unroll
    for (int j = 0; j < N; j++) {
      s[j] = row[j];
    }
  }
  for (int t = 0; t < time; t++) {
    long long at = ((long long)blockIdx.y * time + t) * channels + head * n + i;
    if (kept && t % CHUNK == 0) {
      keep<N>(kept_row + (long long)(t / CHUNK) * n * n, s, row, 1, n);
    }
    __syncthreads();
    rs[i] = r[at];
    ws[i] = w[at];
    ks[i] = k[at];
    kks[i] = kk[at];
    erase[i] = kk[at] * a[at];
    __syncthreads();
    float vi = v[at], removed = 0, read = 0;
    if (N) {
#pragma unroll
      for (int j = 0; j < N; j++) {
        removed += s[j] * kks[j];
      }
#pragma unroll
      for (int j = 0; j < N; j++) {
        s[j] = s[j] * ws[j] - removed * erase[j] + vi * ks[j];
        read += s[j] * rs[j];
      }
    } else {
      for (int j = 0; j < n; j++) {
        removed += row[j] * kks[j];
      }
      for (int j = 0; j < n; j++) {
        float next = row[j] * ws[j] - removed * erase[j] + vi * ks[j];
        row[j] = next;
        read += next * rs[j];
      }
    }
    y[at] = read;
    if (dropped) {
      dropped[at] = removed;
    }
  }
  if (N) {
#pragma unroll
    for (int j = 0; j < N; j++) {
      row[j] = s[j];
    }
  }
}
