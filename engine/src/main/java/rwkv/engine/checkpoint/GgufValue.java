package rwkv.engine.checkpoint;

import java.util.List;

/** A value of a GGUF file's metadata, with the type that a reader of that key expects. */
public sealed interface GgufValue {

  /**
   * A whole number from 0 to 2^32 - 1.
   *
   * @throws IllegalArgumentException if it is none
   */
  record U32(long value) implements GgufValue {
    public U32 {
      if (value < 0 || value >= 1L << 32) {
        throw new IllegalArgumentException(value + " does not fit 32 bits without a sign");
      }
    }
  }

  /** A whole number with a sign. */
  record I32(int value) implements GgufValue {}

  /** A number. */
  record F32(float value) implements GgufValue {}

  /** A truth value. */
  record Bool(boolean value) implements GgufValue {}

  /** Text, written as UTF-8. */
  record Text(String value) implements GgufValue {}

  /** An array of texts, such as a vocabulary. */
  record Texts(List<String> values) implements GgufValue {
    public Texts {
      values = List.copyOf(values);
    }
  }

  /** An array of whole numbers with a sign. */
  record I32s(List<Integer> values) implements GgufValue {
    public I32s {
      values = List.copyOf(values);
    }
  }

  /** An array of numbers. */
  record F32s(List<Float> values) implements GgufValue {
    public F32s {
      values = List.copyOf(values);
    }
  }
}
