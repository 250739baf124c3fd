// The recurrences for training: forward with the state kept every CHUNK tokens, and the way back, chunk by chunk from the last.
// Every sum has one order. Gradients are added where their destination is not null; those named `sums`, of each sequence, are set.
#include "gradients.cuh"

// The exponent of nothing.
#define NOTHING (-1e30)

// Version 4's state: a and b are multiples of e^p. Exponents are doubles: large keys leave a float little of their differences.
struct Scaled {
  float a, b;
  double p;
};

DEVICE float power(double exponent) {
  return expf((float)exponent);
}

DEVICE Scaled step4(Scaled s, float decay, float k, float v) {
  double p = fmax(s.p + decay, (double)k);
  float past = power(s.p + decay - p), now = power(k - p);
  return {past * s.a + now * v, past * s.b + now, p};
}

// Where number i of [sequence, channel] has its kept a, b and the two halves of p; `channels` numbers apart.
DEVICE long long kept4(int i, int chunk, int time, int channels) {
  return ((long long)(i / channels) * ((time + CHUNK - 1) / CHUNK) + chunk) * 4 * channels + i % channels;
}

// One thread for each channel of each sequence.
KERNEL wkv4_kept(
    float *y, float *as, float *bs, float *ps, float *kept, const float *w, const float *u, const float *k, const float *v,
    int batch, int time, int channels) {
  int i = thread_of_all();
  if (i >= batch * channels) {
    return;
  }
  int c = i % channels;
  Scaled s = {as[i], bs[i], ps[i]};
  double bonus = u[c];
  long long at = (long long)(i / channels) * time * channels + c;
  for (int t = 0; t < time; t++, at += channels) {
    if (t % CHUNK == 0) {
      float *to = kept + kept4(i, t / CHUNK, time, channels);
      to[0] = s.a;
      to[channels] = s.b;
      to[2 * channels] = (float)s.p;
      to[3 * channels] = (float)(s.p - (float)s.p);
    }
    double q = fmax(s.p, bonus + k[at]);
    float past = power(s.p - q), now = power(bonus + k[at] - q);
    y[at] = (past * s.a + now * v[at]) / (past * s.b + now);
    s = step4(s, w[c], k[at], v[at]);
  }
  float rounded = power(s.p - (float)s.p);
  as[i] = s.a * rounded;
  bs[i] = s.b * rounded;
  ps[i] = (float)s.p;
}

// f and g are the gradients of the true numerator and denominator after a token, multiples of e^m. With y = (past a + now v) / n:
//   dk = dy/n now (v - y) + e^(k+m) (f v + g);  dv = dy/n now + e^(k+m) f;  dw += e^(m+w+p) (f a + g b)
//   (f, g) e^m <- (f, g) e^(m+w) + (1, -y) dy/n e^-q
KERNEL wkv4_back(
    float *decay_sums, float *bonus_sums, float *dk, float *dv, float *da_before, float *db_before, const float *dy,
    const float *da_after, const float *db_after, const float *kept, const float *w, const float *u, const float *k, const float *v,
    int batch, int time, int channels) {
  int i = thread_of_all();
  if (i >= batch * channels) {
    return;
  }
  int c = i % channels;
  float f = da_after ? da_after[i] : 0, g = db_after ? db_after[i] : 0;
  double m = NOTHING, dw = 0, du = 0, decay = w[c], bonus = u[c];
  Scaled before[CHUNK];
  for (int end = time; end > 0;) {
    int from = (end - 1) / CHUNK * CHUNK;
    long long first = ((long long)(i / channels) * time + from) * channels + c;
    const float *of = kept + kept4(i, from / CHUNK, time, channels);
    Scaled s = {of[0], of[channels], (double)of[2 * channels] + of[3 * channels]};
    for (int t = 0; t < end - from; t++) {
      before[t] = s;
      s = step4(s, w[c], k[first + (long long)t * channels], v[first + (long long)t * channels]);
    }
    if (end == time && da_after) {
      m = -(double)(float)s.p;
    }
    for (int t = end - from - 1; t >= 0; t--) {
      long long at = first + (long long)t * channels;
      s = before[t];
      float vt = v[at];
      double q = fmax(s.p, bonus + k[at]);
      float past = power(s.p - q), now = power(bonus + k[at] - q), below = past * s.b + now;
      float y = (past * s.a + now * vt) / below, share = dy[at] / below, written = power(k[at] + m);
      float own = share * now * (vt - y);
      if (dk) {
        dk[at] += own + written * (f * vt + g);
      }
      if (dv) {
        dv[at] += share * now + written * f;
      }
      du += own;
      dw += power(m + decay + s.p) * ((double)f * s.a + (double)g * s.b);
      double scale = fmax(m + decay, -q);
      past = power(m + decay - scale);
      now = power(-q - scale) * share;
      f = past * f + now;
      g = past * g - now * y;
      m = scale;
    }
    end = from;
  }
  decay_sums[i] = (float)dw;
  bonus_sums[i] = (float)du;
  if (da_before) {
    const float *of = kept + kept4(i, 0, time, channels);
    float scale = power(m + of[2 * channels]);
    da_before[i] += f * scale;
    db_before[i] += g * scale;
  }
}

// to += the sum of `rows` rows of n numbers, in their order.
KERNEL add_rows(float *to, const float *x, int rows, int n) {
  int i = thread_of_all();
  if (i < n) {
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      sum += x[(long long)row * n + i];
    }
    to[i] += (float)sum;
  }
}

#define WKV6_KEPT(name, N)                                                                                                     \
  KERNEL __launch_bounds__(N ? N : 1024) name(                                                                                 \
      float *y, float *state, float *kept, const float *r, const float *w, const float *k, const float *v, const float *u,     \
      int time, int heads, int size, int w_step) {                                                                             \
    wkv6_head<N>(y, state, kept, r, w, k, v, u, time, heads, size, w_step);                                                    \
  }
WKV6_KEPT(wkv6_kept, 0)
WKV6_KEPT(wkv6_kept_64, 64)

#define WKV6_BACK(name, N)                                                                                                     \
  KERNEL __launch_bounds__(N ? N : 1024) name(                                                                                 \
      float *decay_sums, float *bonus_sums, float *dr, float *dw, float *dk, float *dv, float *d_before, const float *dy,      \
      const float *d_after, const float *kept, float *scratch, const float *r, const float *w, const float *k, const float *v, \
      const float *u, int time, int heads, int size, int w_step) {                                                             \
    wkv6_way_back<N>(                                                                                                          \
        decay_sums, bonus_sums, dr, dw, dk, dv, d_before, dy, d_after, kept, scratch, r, w, k, v, u, time, heads, size,        \
        w_step);                                                                                                               \
  }
WKV6_BACK(wkv6_back, 0)
WKV6_BACK(wkv6_back_64, 64)

#define WKV7_KEPT(name, N)                                                                                                     \
  KERNEL __launch_bounds__(N ? N : 1024) name(                                                                                 \
      float *y, float *state, float *kept, float *dropped, const float *r, const float *w, const float *k, const float *v,     \
      const float *kk, const float *a, int time, int heads, int size) {                                                        \
    wkv7_head<N>(y, state, kept, dropped, r, w, k, v, kk, a, time, heads, size);                                               \
  }
WKV7_KEPT(wkv7_kept, 0)
WKV7_KEPT(wkv7_kept_64, 64)

#define WKV7_BACK(name, N)                                                                                                     \
  KERNEL __launch_bounds__(N ? N : 1024) name(                                                                                 \
      float *dr, float *dw, float *dk, float *dv, float *dkk, float *da, float *d_before, const float *dy,                     \
      const float *d_after, const float *kept, const float *dropped, float *scratch, const float *r, const float *w,           \
      const float *k, const float *v, const float *kk, const float *a, int time, int heads, int size) {                        \
    wkv7_way_back<N>(                                                                                                          \
        dr, dw, dk, dv, dkk, da, d_before, dy, d_after, kept, dropped, scratch, r, w, k, v, kk, a, time, heads, size);         \
  }
WKV7_BACK(wkv7_back, 0)
WKV7_BACK(wkv7_back_64, 64)
