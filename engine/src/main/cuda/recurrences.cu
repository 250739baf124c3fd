// The WKV recurrences, tokens in order.
#include "recurrences.cuh"

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

#define WKV6(name, N)                                                                                                              \
  KERNEL name(                                                                                                                     \
      float *y, float *state, const float *r, const float *w, const float *k, const float *v, const float *u, int time, int heads, \
      int size, int w_step) {                                                                                                      \
    wkv6_head<N>(y, state, nullptr, r, w, k, v, u, time, heads, size, w_step);                                                              \
  }
WKV6(wkv6, 0)
WKV6(wkv6_32, 32)
WKV6(wkv6_64, 64)
WKV6(wkv6_128, 128)

#define WKV7(name, N)                                                                                                               \
  KERNEL name(                                                                                                                      \
      float *y, float *state, const float *r, const float *w, const float *k, const float *v, const float *kk, const float *a,      \
      int time, int heads, int size) {                                                                                              \
    wkv7_head<N>(y, state, nullptr, nullptr, r, w, k, v, kk, a, time, heads, size);                                                                   \
  }
WKV7(wkv7, 0)
WKV7(wkv7_32, 32)
WKV7(wkv7_64, 64)
WKV7(wkv7_128, 128)
