// What looks back over the whole text: RWKV-7b's attention and RWKV-8's ROSA. One sequence a launch: `first` is its first row among
// those of q (or out), `time` its new tokens, `seen` the rows of its histories, the new tokens' among them.
#include "device.cuh"

// weights[t] = softmax over the rows up to the token's own of 64 tanh(q . k / 1024); one block for each new token
KERNEL attention7b(float *weights, const float *q, const float *keys, int channels, int first, int time, int seen) {
  int t = blockIdx.x;
  int rows = seen - time + t + 1;
  const float *query = q + (long long)(first + t) * channels;
  float *out = weights + (long long)t * seen;
  int lane = threadIdx.x % 32, warps = blockDim.x / 32;
  float most = -1e30f;
  for (int s = threadIdx.x / 32; s < rows; s += warps) {
    const float *key = keys + (long long)s * channels;
    float dot = 0;
    for (int c = lane; c < channels; c += 32) {
      dot += query[c] * key[c];
    }
    dot = 64.0f * tanhf(warp_sum(dot) / 1024.0f);
    most = fmaxf(most, dot);
    if (lane == 0) {
      out[s] = dot;
    }
  }
  most = block_max(most);
  __syncthreads();
  float sum = 0;
  for (int s = threadIdx.x; s < rows; s += blockDim.x) {
    float weight = expf(out[s] - most);
    out[s] = weight;
    sum += weight;
  }
  sum = block_sum(sum);
  for (int s = threadIdx.x; s < rows; s += blockDim.x) {
    out[s] /= sum;
  }
}

// out[t] = sum of weights[t][s] values[s]
KERNEL attended7b(float *out, const float *weights, const float *values, int channels, int first, int time, int seen) {
  int c = thread_of_all(), t = blockIdx.y;
  if (c < channels) {
    int rows = seen - time + t + 1;
    float sum = 0;
    for (int s = 0; s < rows; s++) {
      sum += weights[(long long)t * seen + s] * values[(long long)s * channels + c];
    }
    out[(long long)(first + t) * channels + c] = sum;
  }
}

// Sixteen signs in a number, as an integer.
KERNEL pack_signs(float *out, const float *x, int packed, int channels, int n) {
  int i = thread_of_all();
  if (i < n) {
    int from = i % packed * 16;
    const float *row = x + (long long)(i / packed) * channels;
    int bits = 0;
    for (int c = from; c < channels && c < from + 16; c++) {
      bits |= (row[c] > 0.0f ? 1 : 0) << (c - from);
    }
    out[i] = (float)bits;
  }
}

// The bits of channels from ... from + width of a packed row; width is at most 16.
DEVICE int symbol(const float *row, int from, int width) {
  int at = from / 16, off = from % 16;
  unsigned bits = (unsigned)row[at] >> off;
  if (off + width > 16) {
    bits |= (unsigned)row[at + 1] << (16 - off);
  }
  return (int)(bits & ((1u << width) - 1u));
}

DEVICE bool same_symbol(const float *x, const float *y, int from, int width) {
  for (int done = 0; done < width; done += 16) {
    int part = width - done < 16 ? width - done : 16;
    if (symbol(x, from + done, part) != symbol(y, from + done, part)) {
      return false;
    }
  }
  return true;
}

// The longest suffix of q_0 ... q_i that also ends k_0 ... k_e for some e < i, and the latest such e; one block for each symbol of
// each new token.
KERNEL rosa(
    float *out, float *matched, const float *q, const float *k, const float *v, int q_packed, int k_packed, int v_packed, int channels,
    int symbols, int first, int time, int seen, float unmatched) {
  __shared__ int lengths[256], ends[256];
  int width = channels / symbols, from = blockIdx.x * width, t = blockIdx.y;
  int i = seen - time + t;
  int longest = 0, end = -1;
  for (int e = threadIdx.x; e < i; e += blockDim.x) {
    int length = 0;
    while (length <= e
        && same_symbol(q + (long long)(i - length) * q_packed, k + (long long)(e - length) * k_packed, from, width)) {
      length++;
    }
    if (length > 0 && length >= longest) {
      longest = length;
      end = e;
    }
  }
  lengths[threadIdx.x] = longest;
  ends[threadIdx.x] = end;
  __syncthreads();
  if (threadIdx.x == 0) {
    for (int other = 1; other < (int)blockDim.x; other++) {
      if (lengths[other] > longest || (lengths[other] == longest && ends[other] > end)) {
        longest = lengths[other];
        end = ends[other];
      }
    }
    lengths[0] = longest;
    ends[0] = end;
    matched[(long long)(first + t) * symbols + blockIdx.x] = (float)longest;
  }
  __syncthreads();
  end = ends[0];
  for (int c = from + threadIdx.x; c < from + width; c += blockDim.x) {
    float read = unmatched;
    if (lengths[0] > 0) {
      const float *row = v + (long long)(end + 1) * v_packed;
      read = ((int)row[c / 16] >> (c % 16)) & 1 ? 1.0f : -1.0f;
    }
    out[(long long)(first + t) * channels + c] = read;
  }
}
