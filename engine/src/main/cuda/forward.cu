// The lines of the forward pass that are no products and no recurrences. n is always the length of the output.
#include "device.cuh"

KERNEL copy(float *out, const float *x, int n, int nx) {
  int i = thread_of_all();
  if (i < n) {
    out[i] = periodic(x, i, nx);
  }
}

// out[b] = x[b, time - 1]
KERNEL last(float *out, const float *x, int time, int channels, int n) {
  int i = thread_of_all();
  if (i < n) {
    int b = i / channels;
    out[i] = x[((long long)b * time + time - 1) * channels + i % channels];
  }
}

KERNEL slice(float *out, const float *x, int channels, int x_channels, int from, int n) {
  int i = thread_of_all();
  if (i < n) {
    out[i] = x[(long long)(i / channels) * x_channels + from + i % channels];
  }
}

// One block for each head of each row: (x - mean) / sqrt(var + eps) * weight + bias.
KERNEL group_norm(float *out, const float *x, const float *weight, const float *bias, int size, float eps, int heads, int rows) {
  int head = blockIdx.x % heads;
  long long start = (long long)blockIdx.x * size;
  float sum = 0;
  for (int c = threadIdx.x; c < size; c += blockDim.x) {
    sum += x[start + c];
  }
  float mean = block_sum(sum) / size;
  float squares = 0;
  for (int c = threadIdx.x; c < size; c += blockDim.x) {
    float d = x[start + c] - mean;
    squares += d * d;
  }
  float scale = 1.0f / sqrtf(block_sum(squares) / size + eps);
  for (int c = threadIdx.x; c < size; c += blockDim.x) {
    out[start + c] = (x[start + c] - mean) * scale * weight[head * size + c] + bias[head * size + c];
  }
}

// delta[b, t] = z[b, t - 1] - z[b, t]; of a single token the state is kept at once.
KERNEL token_shift(float *delta, const float *z, float *shift, int time, int channels, int n) {
  int i = thread_of_all();
  if (i < n) {
    int row = i / channels;
    int at = row / time * channels + i % channels;
    float now = z[i];
    delta[i] = (row % time == 0 ? shift[at] : z[i - channels]) - now;
    if (time == 1) {
      shift[at] = now;
    }
  }
}

KERNEL mix(float *out, const float *z, const float *delta, const float *mu, int n, int nmu) {
  int i = thread_of_all();
  if (i < n) {
    out[i] = z[i] + delta[i] * periodic(mu, i, nmu);
  }
}

// The share of numbers that are zero: one block for each row.
KERNEL zeros(float *out, const float *x, int channels) {
  long long start = (long long)blockIdx.x * channels;
  float count = 0;
  for (int c = threadIdx.x; c < channels; c += blockDim.x) {
    count += x[start + c] == 0.0f ? 1.0f : 0.0f;
  }
  count = block_sum(count);
  if (threadIdx.x == 0) {
    out[blockIdx.x] = count / channels;
  }
}

// f: 0 identity, 1 tanh, 2 sigmoid, 3 silu, 4 squared relu
DEVICE float activated(int f, float x) {
  switch (f) {
    case 1: return tanhf(x);
    case 2: return sigmoid(x);
    case 3: return x * sigmoid(x);
    case 4: return x > 0.0f ? x * x : (x <= 0.0f ? 0.0f : x);
    default: return x;
  }
}

KERNEL activate(float *out, const float *x, int f, int n, int nx) {
  int i = thread_of_all();
  if (i < n) {
    out[i] = activated(f, periodic(x, i, nx));
  }
}

KERNEL add(float *out, const float *x, const float *y, int n, int nx, int ny) {
  int i = thread_of_all();
  if (i < n) {
    out[i] = periodic(x, i, nx) + periodic(y, i, ny);
  }
}

KERNEL multiply(float *out, const float *x, const float *y, int n, int nx, int ny) {
  int i = thread_of_all();
  if (i < n) {
    out[i] = periodic(x, i, nx) * periodic(y, i, ny);
  }
}

KERNEL lerp(float *out, const float *x, const float *y, const float *gate, int n, int ny, int ngate) {
  int i = thread_of_all();
  if (i < n) {
    float from = x[i];
    out[i] = from + (periodic(y, i, ny) - from) * periodic(gate, i, ngate);
  }
}

KERNEL decay6(float *w, const float *x, int n, int nx) {
  int i = thread_of_all();
  if (i < n) {
    w[i] = expf(-expf(periodic(x, i, nx)));
  }
}

// exp(-e^-1/2 sigmoid(x)), the constant as official inference code has it
KERNEL decay7(float *w, const float *x, int n, int nx) {
  int i = thread_of_all();
  if (i < n) {
    w[i] = expf(-0.606531f * sigmoid(periodic(x, i, nx)));
  }
}

// kk = (k o k_k) / max(|k o k_k|, 1e-12), one block for each head of each row
KERNEL removal_key7(float *kk, const float *k, const float *scale, int size, int heads, int rows) {
  int head = blockIdx.x % heads;
  long long start = (long long)blockIdx.x * size;
  float squares = 0;
  for (int c = threadIdx.x; c < size; c += blockDim.x) {
    float scaled = k[start + c] * scale[head * size + c];
    squares += scaled * scaled;
  }
  float norm = fmaxf(sqrtf(block_sum(squares)), 1e-12f);
  for (int c = threadIdx.x; c < size; c += blockDim.x) {
    kk[start + c] = k[start + c] * scale[head * size + c] / norm;
  }
}

KERNEL replacement_key7(float *out, const float *k, const float *a, const float *rate, int n, int nrate) {
  int i = thread_of_all();
  if (i < n) {
    out[i] = k[i] * (1.0f + (a[i] - 1.0f) * periodic(rate, i, nrate));
  }
}

// out = x + (sum of r k r_k) v, one block for each head of each row
KERNEL bonus7(
    float *out, const float *x, const float *r, const float *k, const float *bonus, const float *v, int size, int heads, int rows) {
  int head = blockIdx.x % heads;
  long long start = (long long)blockIdx.x * size;
  float sum = 0;
  for (int c = threadIdx.x; c < size; c += blockDim.x) {
    sum += r[start + c] * k[start + c] * bonus[head * size + c];
  }
  sum = block_sum(sum);
  for (int c = threadIdx.x; c < size; c += blockDim.x) {
    out[start + c] = x[start + c] + sum * v[start + c];
  }
}

// out[row] = x[row] M[row], M of every row [in, out]
KERNEL project(float *out, const float *x, const float *matrices, int in, int outs, int n) {
  int i = thread_of_all();
  if (i < n) {
    long long row = i / outs;
    const float *m = matrices + row * in * outs + i % outs;
    float sum = 0;
    for (int c = 0; c < in; c++) {
      sum += x[row * in + c] * m[(long long)c * outs];
    }
    out[i] = sum;
  }
}
