// Weights read eight at a time, by loads as wide as their alignment allows: `load` asks for the bytes, `decode` makes numbers of
// them, so that several loads are under way before the first is used. A row of whole eights that begins at an address divisible by
// sixteen is needed for the types stored one by one (`whole_eights`); blocks always are whole eights.
#pragma once
#include "weights.cuh"

// A whole number below 2^23 as a float, without the slow conversion.
DEVICE float small_to_float(unsigned q) {
  return __uint_as_float(0x4b000000u | q) - 8388608.0f;
}

DEVICE unsigned byte_of(uint2 q, int j) {
  return ((j < 4 ? q.x : q.y) >> (j % 4 * 8)) & 255u;
}

// Eight bytes at an even address.
DEVICE uint2 eight_bytes(const byte *p) {
  const unsigned short *s = (const unsigned short *)p;
  uint2 q;
  q.x = (unsigned)s[0] | (unsigned)s[1] << 16;
  q.y = (unsigned)s[2] | (unsigned)s[3] << 16;
  return q;
}

// A half at an even address.
DEVICE float even_half(const byte *p) {
  return half_to_float(*(const unsigned short *)p);
}

template <int T>
DEVICE bool whole_eights(const byte *weight, int in) {
  return Stored<T>::numbers > 1 || (T != F64 && in % 8 == 0 && (unsigned long long)weight % 16 == 0);
}

// The block of number i of a row.
template <int T>
DEVICE const byte *block_of(const byte *row, int i) {
  return row + (long long)(i / Stored<T>::numbers) * Stored<T>::bytes;
}

// `outs` rows of weights pass beside one read of x, `steps` eights of each under way at once.
template <int T>
struct Eights;

template <>
struct Eights<F32> {
  static const int outs = 2, steps = 1;
  struct Raw {
    float4 low, high;
  };
  MEMBER Raw load(const byte *row, int i) {
    const float4 *p = (const float4 *)row + i / 4;
    return {p[0], p[1]};
  }
  MEMBER void decode(const Raw &raw, float *w) {
    w[0] = raw.low.x, w[1] = raw.low.y, w[2] = raw.low.z, w[3] = raw.low.w;
    w[4] = raw.high.x, w[5] = raw.high.y, w[6] = raw.high.z, w[7] = raw.high.w;
  }
};

// Weights stored one by one as f64 have no eights: nothing reads them in a hurry.
template <>
struct Eights<F64> {
  static const int outs = 1, steps = 1;
  struct Raw {
    double none;
  };
  MEMBER Raw load(const byte *, int) {
    return {0};
  }
  MEMBER void decode(const Raw &, float *w) {
    for (int j = 0; j < 8; j++) {
      w[j] = 0;
    }
  }
};

struct EightShorts {
  static const int outs = 2, steps = 2;
  struct Raw {
    uint4 q;
  };
  MEMBER Raw load(const byte *row, int i) {
    return {((const uint4 *)row)[i / 8]};
  }
};

template <>
struct Eights<BF16> : EightShorts {
  MEMBER void decode(const Raw &raw, float *w) {
    const unsigned q[4] = {raw.q.x, raw.q.y, raw.q.z, raw.q.w};
#pragma unroll
    for (int j = 0; j < 4; j++) {
      w[2 * j] = __uint_as_float(q[j] << 16);
      w[2 * j + 1] = __uint_as_float(q[j] & 0xffff0000u);
    }
  }
};

template <>
struct Eights<F16> : EightShorts {
  MEMBER void decode(const Raw &raw, float *w) {
    const unsigned q[4] = {raw.q.x, raw.q.y, raw.q.z, raw.q.w};
#pragma unroll
    for (int j = 0; j < 4; j++) {
      w[2 * j] = half_to_float((unsigned short)q[j]);
      w[2 * j + 1] = half_to_float((unsigned short)(q[j] >> 16));
    }
  }
};

template <>
struct Eights<Q8_0> {
  static const int outs = 4, steps = 1;
  struct Raw {
    uint2 q;
    float scale;
  };
  MEMBER Raw load(const byte *row, int i) {
    const byte *block = block_of<Q8_0>(row, i);
    return {eight_bytes(block + 2 + i % 32), even_half(block)};
  }
  MEMBER void decode(const Raw &raw, float *w) {
#pragma unroll
    for (int j = 0; j < 8; j++) {
      w[j] = raw.scale * (small_to_float(byte_of(raw.q, j) ^ 128u) - 128.0f);
    }
  }
};

// Blocks of 32 with a scale, and a minimum that is stored (MINIMUM) or the scale times a constant; four bits of each number lie as
// nibbles, the fifth (FIFTH) in a byte for eight.
template <int T, bool MINIMUM, bool FIFTH>
struct NibbleEights {
  static const int outs = 4, steps = 1;
  struct Raw {
    uint2 q;
    unsigned shift, fifth;
    float scale, minimum;
  };
  MEMBER Raw load(const byte *row, int i) {
    const byte *block = block_of<T>(row, i);
    int at = i % 32;
    const byte *bits = block + (MINIMUM ? 4 : 2);
    Raw raw;
    raw.q = eight_bytes(bits + (FIFTH ? 4 : 0) + at % 16);
    raw.shift = at < 16 ? 0 : 4;
    raw.fifth = FIFTH ? bits[at / 8] : 0;
    raw.scale = even_half(block);
    raw.minimum = MINIMUM ? even_half(block + 2) : (FIFTH ? -16.0f : -8.0f) * raw.scale;
    return raw;
  }
  MEMBER void decode(const Raw &raw, float *w) {
#pragma unroll
    for (int j = 0; j < 8; j++) {
      unsigned q = byte_of(raw.q, j) >> raw.shift & 15u;
      if (FIFTH) {
        q |= (raw.fifth >> j & 1u) << 4;
      }
      w[j] = raw.scale * small_to_float(q) + raw.minimum;
    }
  }
};

template <>
struct Eights<Q4_0> : NibbleEights<Q4_0, false, false> {};
template <>
struct Eights<Q4_1> : NibbleEights<Q4_1, true, false> {};
template <>
struct Eights<Q5_0> : NibbleEights<Q5_0, false, true> {};
template <>
struct Eights<Q5_1> : NibbleEights<Q5_1, true, true> {};

// Blocks of 256 in eight runs of 32; see Stored.
template <int T>
struct RunEights {
  static const int outs = 4, steps = 1;
  struct Raw {
    uint2 q, high;
    int run;
    float scale, minimum;
  };
  MEMBER Raw load(const byte *row, int i) {
    const byte *block = block_of<T>(row, i);
    int at = i % 256, run = at / 32;
    Raw raw;
    raw.run = run;
    raw.q = *(const uint2 *)(block + (T == Q5_K ? 48 : 16) + run / 2 * 32 + at % 32);
    raw.high = T == Q5_K ? *(const uint2 *)(block + 16 + at % 32) : raw.q;
    raw.scale = even_half(block) * run_scale(block + 4, run);
    raw.minimum = even_half(block + 2) * run_minimum(block + 4, run);
    return raw;
  }
  MEMBER void decode(const Raw &raw, float *w) {
#pragma unroll
    for (int j = 0; j < 8; j++) {
      unsigned q = byte_of(raw.q, j) >> (raw.run % 2 * 4) & 15u;
      if (T == Q5_K) {
        q |= (byte_of(raw.high, j) >> raw.run & 1u) << 4;
      }
      w[j] = raw.scale * small_to_float(q) - raw.minimum;
    }
  }
};

template <>
struct Eights<Q4_K> : RunEights<Q4_K> {};
template <>
struct Eights<Q5_K> : RunEights<Q5_K> {};

template <>
struct Eights<Q6_K> {
  static const int outs = 4, steps = 1;
  struct Raw {
    uint2 low, high;
    int quarter;
    float scale;
  };
  MEMBER Raw load(const byte *row, int i) {
    const byte *block = block_of<Q6_K>(row, i);
    int at = i % 256, half = at / 128, quarter = at % 128 / 32, l = at % 32;
    return {eight_bytes(block + half * 64 + quarter % 2 * 32 + l), eight_bytes(block + 128 + half * 32 + l), quarter,
            even_half(block + 208) * (float)(signed char)block[192 + at / 16]};
  }
  MEMBER void decode(const Raw &raw, float *w) {
#pragma unroll
    for (int j = 0; j < 8; j++) {
      unsigned low = byte_of(raw.low, j) >> (raw.quarter / 2 * 4) & 15u;
      unsigned high = byte_of(raw.high, j) >> (2 * raw.quarter) & 3u;
      w[j] = raw.scale * (small_to_float(low | high << 4) - 32.0f);
    }
  }
};

DEVICE void eight_floats(const float *x, float *into) {
  const float4 *p = (const float4 *)x;
  float4 low = p[0], high = p[1];
  into[0] = low.x, into[1] = low.y, into[2] = low.z, into[3] = low.w;
  into[4] = high.x, into[5] = high.y, into[6] = high.z, into[7] = high.w;
}
