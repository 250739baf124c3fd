/* The WKV-7 recurrence (RWKV-7 "Goose") and the token shift, forward and backward, in float32.
 *
 * Per head, with state S (value rows, key columns):
 *     w_t  = exp(-exp(-1/2) * sigmoid(e_t))
 *     sa_t = S_{t-1} a_t
 *     S_t  = S_{t-1} diag(w_t) + sa_t b_t^T + v_t k_t^T
 *     y_t  = S_t r_t
 *
 * Here S is kept as [key][value], so that every inner loop runs over the value rows, which do
 * not depend on each other and are contiguous: this is what the compiler vectorises.
 * The forward pass stores S before every 16th token; the backward pass replays one such segment
 * at a time, which is exact (undoing a step would divide by w and lose digits).
 *
 *     gcc -O3 -march=native -ffast-math -shared -fPIC wkv7.c -o wkv7.so -lm
 */
#include <math.h>
#include <stddef.h>
#include <string.h>

#define SEGMENT 16
#define MAX_N 64
#define DECAY 0.6065306597126334f /* exp(-1/2) */
#define INLINE static inline __attribute__((always_inline))

INLINE void step(int N, float *restrict to, const float *restrict from, float *restrict sa, const float *restrict w,
                 const float *restrict k, const float *restrict v, const float *restrict a, const float *restrict b) {
    for (int j = 0; j < N; j++) sa[j] = 0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) sa[j] += from[i * N + j] * a[i];
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) to[i * N + j] = from[i * N + j] * w[i] + sa[j] * b[i] + v[j] * k[i];
}

INLINE void decay(int N, float *restrict w, float *restrict s, const float *restrict e) {
    for (int i = 0; i < N; i++) {
        s[i] = 1 / (1 + expf(-e[i]));
        w[i] = expf(-DECAY * s[i]);
    }
}

INLINE void forward(int N, int T, int C, const float *s0, const float *r, const float *e, const float *k, const float *v,
                    const float *a, const float *b, float *y, float *saved, float *sT) {
    float S[2][MAX_N * MAX_N] __attribute__((aligned(64))), sa[MAX_N], w[MAX_N], s[MAX_N];
    int now = 0;
    if (s0) /* states outside are [value][key] */
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++) S[0][i * N + j] = s0[j * N + i];
    else
        memset(S[0], 0, sizeof S[0]);
    for (int t = 0; t < T; t++) {
        size_t o = (size_t)t * C;
        if (t % SEGMENT == 0) memcpy(saved + (size_t)(t / SEGMENT) * N * N, S[now], N * N * sizeof(float));
        decay(N, w, s, e + o);
        step(N, S[1 - now], S[now], sa, w, k + o, v + o, a + o, b + o);
        now = 1 - now;
        float out[MAX_N];
        for (int j = 0; j < N; j++) out[j] = 0;
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++) out[j] += S[now][i * N + j] * r[o + i];
        for (int j = 0; j < N; j++) y[o + j] = out[j];
    }
    if (sT)
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++) sT[j * N + i] = S[now][i * N + j];
}

INLINE void backward(int N, int T, int C, const float *r, const float *e, const float *k, const float *v, const float *a,
                     const float *b, const float *saved, const float *gy, const float *gsT, float *gr, float *ge,
                     float *gk, float *gv, float *ga, float *gb, float *gs0) {
    float S[SEGMENT + 1][MAX_N * MAX_N] __attribute__((aligned(64)));
    float D[MAX_N * MAX_N] __attribute__((aligned(64)));
    float sa[SEGMENT][MAX_N], w[SEGMENT][MAX_N], s[SEGMENT][MAX_N];
    if (gsT)
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++) D[i * N + j] = gsT[j * N + i];
    else
        memset(D, 0, sizeof D);
    for (int segment = (T - 1) / SEGMENT; segment >= 0; segment--) {
        int first = segment * SEGMENT, length = T - first < SEGMENT ? T - first : SEGMENT;
        memcpy(S[0], saved + (size_t)segment * N * N, N * N * sizeof(float));
        for (int q = 0; q < length; q++) {
            size_t o = (size_t)(first + q) * C;
            decay(N, w[q], s[q], e + o);
            step(N, S[q + 1], S[q], sa[q], w[q], k + o, v + o, a + o, b + o);
        }
        for (int q = length - 1; q >= 0; q--) {
            size_t o = (size_t)(first + q) * C;
            const float *before = S[q], *after = S[q + 1];
            float vt[MAX_N], yt[MAX_N], gvt[MAX_N], gsa[MAX_N];
            for (int j = 0; j < N; j++) vt[j] = v[o + j], yt[j] = gy[o + j], gvt[j] = 0, gsa[j] = 0;
            for (int i = 0; i < N; i++) {
                float dr = 0, dw = 0, dk = 0, db = 0, ri = r[o + i], ki = k[o + i], bi = b[o + i];
                for (int j = 0; j < N; j++) {
                    float d = D[i * N + j] + ri * yt[j];
                    D[i * N + j] = d;
                    dr += after[i * N + j] * yt[j];
                    dw += d * before[i * N + j];
                    dk += d * vt[j];
                    db += d * sa[q][j];
                    gvt[j] += d * ki;
                    gsa[j] += d * bi;
                }
                gr[o + i] = dr, gk[o + i] = dk, gb[o + i] = db;
                ge[o + i] = -DECAY * dw * w[q][i] * s[q][i] * (1 - s[q][i]);
            }
            for (int i = 0; i < N; i++) {
                float da = 0, ai = a[o + i], wi = w[q][i];
                for (int j = 0; j < N; j++) {
                    da += before[i * N + j] * gsa[j];
                    D[i * N + j] = D[i * N + j] * wi + gsa[j] * ai;
                }
                ga[o + i] = da;
            }
            for (int j = 0; j < N; j++) gv[o + j] = gvt[j];
        }
    }
    if (gs0)
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++) gs0[j * N + i] = D[i * N + j];
}

/* Arrays are [B][T][H][N]; states [B][H][N][N]; saved is [B][H][ceil(T/16)][N][N]. The constant
 * head sizes in the switch let the compiler unroll. */
#define HEADS(call) \
    for (int h = 0; h < B * H; h++) { \
        size_t o = (size_t)(h / H) * T * H * N + (size_t)(h % H) * N, m = (size_t)h * N * N; \
        size_t p = m * ((T + SEGMENT - 1) / SEGMENT); \
        switch (N) { \
            case 8: call(8); break; \
            case 32: call(32); break; \
            case 64: call(64); break; \
        } \
    }

void wkv7_forward(int B, int T, int H, int N, const float *s0, const float *r, const float *e, const float *k, const float *v,
                  const float *a, const float *b, float *y, float *saved, float *sT) {
#define CALL(N) \
    forward(N, T, H * N, s0 ? s0 + m : 0, r + o, e + o, k + o, v + o, a + o, b + o, y + o, saved + p, sT ? sT + m : 0)
    HEADS(CALL)
#undef CALL
}

void wkv7_backward(int B, int T, int H, int N, const float *r, const float *e, const float *k, const float *v,
                   const float *a, const float *b, const float *saved, const float *gy, const float *gsT, float *gr,
                   float *ge, float *gk, float *gv, float *ga, float *gb, float *gs0) {
#define CALL(N) \
    backward(N, T, H * N, r + o, e + o, k + o, v + o, a + o, b + o, saved + p, gy + o, gsT ? gsT + m : 0, gr + o, ge + o, \
             gk + o, gv + o, ga + o, gb + o, gs0 ? gs0 + m : 0)
    HEADS(CALL)
#undef CALL
}

/* Token shift for M streams at once: out[m] = x + (x_previous - x) * mu[m]. */
void shift_forward(int B, int T, int C, int M, const float *x, const float *mu, float *out) {
    for (int n = 0; n < B * T; n++) {
        const float *now = x + (size_t)n * C;
        for (int m = 0; m < M; m++) {
            float *to = out + ((size_t)m * B * T + n) * C;
            for (int c = 0; c < C; c++) {
                float previous = n % T ? now[c - C] : 0;
                to[c] = now[c] + (previous - now[c]) * mu[m * C + c];
            }
        }
    }
}

/* g is an array of M pointers, one gradient [B][T][C] for each stream; gx and gmu are zeroed by the caller. */
void shift_backward(int B, int T, int C, int M, const float *x, const float *mu, const float *const *g, float *gx, float *gmu) {
    for (int n = 0; n < B * T; n++) {
        const float *now = x + (size_t)n * C;
        float *to = gx + (size_t)n * C;
        for (int m = 0; m < M; m++) {
            const float *from = g[m] + (size_t)n * C, *weight = mu + m * C;
            float *sum = gmu + m * C;
            if (n % T)
                for (int c = 0; c < C; c++) {
                    to[c] += from[c] * (1 - weight[c]);
                    to[c - C] += from[c] * weight[c];
                    sum[c] += from[c] * (now[c - C] - now[c]);
                }
            else
                for (int c = 0; c < C; c++) {
                    to[c] += from[c] * (1 - weight[c]);
                    sum[c] -= from[c] * now[c];
                }
        }
    }
}

/* Squared ReLU. */
void square_relu(size_t n, const float *restrict x, float *restrict y) {
    for (size_t i = 0; i < n; i++) y[i] = x[i] > 0 ? x[i] * x[i] : 0;
}

void square_relu_backward(size_t n, const float *restrict x, const float *restrict gy, float *restrict gx) {
    for (size_t i = 0; i < n; i++) gx[i] = x[i] > 0 ? 2 * x[i] * gy[i] : 0;
}

/* One AdamW step over n parameters; rate and decay hold each parameter's own factors. */
void adamw(size_t n, float *restrict p, float *restrict m, float *restrict v, const float *restrict g, const float *restrict rate,
           const float *restrict decay, float lr, float beta1, float beta2, float correct1, float correct2) {
    for (size_t i = 0; i < n; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * g[i];
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
        p[i] -= lr * rate[i] * (m[i] / correct1 / (sqrtf(v[i] / correct2) + 1e-18f) + decay[i] * p[i]);
    }
}
