// How weights are stored: one by one, or in blocks with shared scales as ggml defines them. The codes are the ordinals of the engine's DType.
#pragma once
#include "device.cuh"

enum Type { F64 = 0, F32 = 1, F16 = 2, BF16 = 3, Q8_0 = 10, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K };

typedef unsigned char byte;

DEVICE int short_at(const byte *p) {
  return p[0] | p[1] << 8;
}

DEVICE float half_at(const byte *p) {
  return half_to_float((unsigned short)short_at(p));
}

// Six bits of scale or minimum of one of eight runs: of the first four in one byte, of the others in two pieces.
DEVICE int run_scale(const byte *p, int run) {
  return run < 4 ? p[run] & 63 : (p[run + 4] & 15) | (p[run - 4] >> 6) << 4;
}

DEVICE int run_minimum(const byte *p, int run) {
  return run < 4 ? p[run + 4] & 63 : (p[run + 4] >> 4) | (p[run] >> 6) << 4;
}

template <int T>
struct Stored;

template <>
struct Stored<F64> {
  static const int numbers = 1, bytes = 8;
  MEMBER float at(const byte *block, int) {
    return (float)*(const double *)block;
  }
};

template <>
struct Stored<F32> {
  static const int numbers = 1, bytes = 4;
  MEMBER float at(const byte *block, int) {
    return *(const float *)block;
  }
};

template <>
struct Stored<F16> {
  static const int numbers = 1, bytes = 2;
  MEMBER float at(const byte *block, int) {
    return half_to_float(*(const unsigned short *)block);
  }
};

template <>
struct Stored<BF16> {
  static const int numbers = 1, bytes = 2;
  MEMBER float at(const byte *block, int) {
    return bf16_to_float(*(const unsigned short *)block);
  }
};

template <>
struct Stored<Q8_0> {
  static const int numbers = 32, bytes = 34;
  MEMBER float at(const byte *block, int i) {
    return half_at(block) * (float)(signed char)block[2 + i];
  }
};

DEVICE int nibble(const byte *p, int i) {
  return i < 16 ? p[i] & 15 : p[i - 16] >> 4;
}

template <>
struct Stored<Q4_0> {
  static const int numbers = 32, bytes = 18;
  MEMBER float at(const byte *block, int i) {
    float d = half_at(block);
    return d * nibble(block + 2, i) + -8.0f * d;
  }
};

template <>
struct Stored<Q4_1> {
  static const int numbers = 32, bytes = 20;
  MEMBER float at(const byte *block, int i) {
    return half_at(block) * nibble(block + 4, i) + half_at(block + 2);
  }
};

DEVICE int five_bits(const byte *high, const byte *low, int i) {
  return nibble(low, i) | ((high[i / 8] >> (i % 8)) & 1) << 4;
}

template <>
struct Stored<Q5_0> {
  static const int numbers = 32, bytes = 22;
  MEMBER float at(const byte *block, int i) {
    float d = half_at(block);
    return d * five_bits(block + 2, block + 6, i) + -16.0f * d;
  }
};

template <>
struct Stored<Q5_1> {
  static const int numbers = 32, bytes = 24;
  MEMBER float at(const byte *block, int i) {
    return half_at(block) * five_bits(block + 4, block + 8, i) + half_at(block + 2);
  }
};

template <>
struct Stored<Q4_K> {
  static const int numbers = 256, bytes = 144;
  MEMBER float at(const byte *block, int i) {
    int run = i / 32;
    int q = block[16 + run / 2 * 32 + i % 32] >> (run % 2 * 4) & 15;
    return half_at(block) * run_scale(block + 4, run) * q - half_at(block + 2) * run_minimum(block + 4, run);
  }
};

template <>
struct Stored<Q5_K> {
  static const int numbers = 256, bytes = 176;
  MEMBER float at(const byte *block, int i) {
    int run = i / 32;
    int low = block[48 + run / 2 * 32 + i % 32] >> (run % 2 * 4) & 15;
    int high = block[16 + i % 32] >> run & 1;
    return half_at(block) * run_scale(block + 4, run) * (low | high << 4) - half_at(block + 2) * run_minimum(block + 4, run);
  }
};

// Two halves of 128: 64 bytes with four low bits of each number, 32 with two high bits, 16 scales of 8 bits for both, one for all.
template <>
struct Stored<Q6_K> {
  static const int numbers = 256, bytes = 210;
  MEMBER float at(const byte *block, int i) {
    int half = i / 128, quarter = i % 128 / 32, l = i % 32;
    int low = block[half * 64 + quarter % 2 * 32 + l] >> (quarter / 2 * 4) & 15;
    int high = block[128 + half * 32 + l] >> (2 * quarter) & 3;
    float scale = half_at(block + 208) * (float)(signed char)block[192 + i / 16];
    return scale * (float)((low | high << 4) - 32);
  }
};

// Number i of a row.
template <int T>
DEVICE float weight_at(const byte *row, int i) {
  typedef Stored<T> S;
  return S::at(row + (long long)(i / S::numbers) * S::bytes, i % S::numbers);
}

template <int T>
DEVICE long long row_bytes(int in) {
  return (long long)(in / Stored<T>::numbers) * Stored<T>::bytes;
}
