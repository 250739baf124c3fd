// The WKV recurrences, tokens in order. Of versions 5 to 7 a block steps one head of one sequence.
#include "device.cuh"

// One thread for each channel of each sequence; a and b are multiples of e^p.
KERNEL wkv4(
    float *y, float *as, float *bs, float *ps, const float *w, const float *u, const float *k, const float *v, int batch, int time,
    int channels) {
  int i = thread_of_all();
  if (i >= batch * channels) {
    return;
  }
  int c = i % channels;
  float a = as[i], b = bs[i], p = ps[i], decay = w[c], bonus = u[c];
  long long at = (long long)(i / channels) * time * channels + c;
  for (int t = 0; t < time; t++, at += channels) {
    float kt = k[at], vt = v[at];
    float q = fmaxf(p, bonus + kt);
    float past = expf(p - q), now = expf(bonus + kt - q);
    y[at] = (past * a + now * vt) / (past * b + now);
    q = fmaxf(p + decay, kt);
    past = expf(p + decay - q);
    now = expf(kt - q);
    a = past * a + now * vt;
    b = past * b + now;
    p = q;
  }
  as[i] = a;
  bs[i] = b;
  ps[i] = p;
}

// Thread j has column j of S [key, value], in registers where N is the head's size, else (N = 0) where the state is.
template <int N>
DEVICE void wkv6_head(
    float *y, float *state, const float *r, const float *w, const float *k, const float *v, const float *u, int time, int heads, int size,
    int w_step) {
  __shared__ float rs[1024], ws[1024], ks[1024], us[1024];
  int n = N ? N : size;
  int head = blockIdx.x, j = threadIdx.x;
  long long channels = (long long)heads * n;
  float *column = state + ((long long)blockIdx.y * heads + head) * n * n + j;
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

#define WKV6(name, N)                                                                                                              \
  KERNEL name(                                                                                                                     \
      float *y, float *state, const float *r, const float *w, const float *k, const float *v, const float *u, int time, int heads, \
      int size, int w_step) {                                                                                                      \
    wkv6_head<N>(y, state, r, w, k, v, u, time, heads, size, w_step);                                                              \
  }
WKV6(wkv6, 0)
WKV6(wkv6_32, 32)
WKV6(wkv6_64, 64)
WKV6(wkv6_128, 128)

// Thread i has row i of S [value, key].
template <int N>
DEVICE void wkv7_head(
    float *y, float *state, const float *r, const float *w, const float *k, const float *v, const float *kk, const float *a, int time,
    int heads, int size) {
  __shared__ float rs[1024], ws[1024], ks[1024], kks[1024], erase[1024];
  int n = N ? N : size;
  int head = blockIdx.x, i = threadIdx.x;
  long long channels = (long long)heads * n;
  float *row = state + (((long long)blockIdx.y * heads + head) * n + i) * n;
  float s[N ? N : 1];
  if (N) {
#pragma unroll
    for (int j = 0; j < N; j++) {
      s[j] = row[j];
    }
  }
  for (int t = 0; t < time; t++) {
    long long at = ((long long)blockIdx.y * time + t) * channels + head * n + i;
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
  }
  if (N) {
#pragma unroll
    for (int j = 0; j < N; j++) {
      row[j] = s[j];
    }
  }
}

#define WKV7(name, N)                                                                                                               \
  KERNEL name(                                                                                                                      \
      float *y, float *state, const float *r, const float *w, const float *k, const float *v, const float *kk, const float *a,      \
      int time, int heads, int size) {                                                                                              \
    wkv7_head<N>(y, state, r, w, k, v, kk, a, time, heads, size);                                                                   \
  }
WKV7(wkv7, 0)
WKV7(wkv7_32, 32)
WKV7(wkv7_64, 64)
WKV7(wkv7_128, 128)
