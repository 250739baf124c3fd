package rwkv.engine.checkpoint;

import java.util.List;

/**
 * What a pickle can hold here: plain data and nothing that could act. Lists and dictionaries may
 * contain themselves, so nothing walks a value recursively, not even {@code toString}.
 */
sealed interface PickleValue
    permits Callable,
        StorageType,
        PickleValue.None,
        PickleValue.Bool,
        PickleValue.Int,
        PickleValue.Real,
        PickleValue.Text,
        PickleValue.Bytes,
        PickleValue.Tuple,
        PickleValue.Sequence,
        PickleValue.Dict,
        PickleValue.Storage,
        PickleValue.View {

  /** For messages: "a list", "text". */
  String kind();

  /** Python's {@code None}. */
  enum None implements PickleValue {
    NONE;

    @Override
    public String kind() {
      return "None";
    }
  }

  /** True or false. */
  record Bool(boolean value) implements PickleValue {
    @Override
    public String kind() {
      return "a truth value";
    }
  }

  /** A whole number. */
  record Int(long value) implements PickleValue {
    @Override
    public String kind() {
      return "a whole number";
    }
  }

  /** A floating point number. */
  record Real(double value) implements PickleValue {
    @Override
    public String kind() {
      return "a number";
    }
  }

  /** A string. */
  record Text(String value) implements PickleValue {
    @Override
    public String kind() {
      return "text";
    }
  }

  /** A byte string, of which only the length is kept: no model needs one. */
  record Bytes(long length) implements PickleValue {
    @Override
    public String kind() {
      return "a byte string";
    }
  }

  /** A tuple; unmodifiable. */
  record Tuple(List<PickleValue> items) implements PickleValue {
    @Override
    public String kind() {
      return "a tuple of " + items.size();
    }

    @Override
    public String toString() {
      return kind();
    }
  }

  /** A list, which grows while it is read. */
  record Sequence(List<PickleValue> items) implements PickleValue {
    @Override
    public String kind() {
      return "a list of " + items.size();
    }

    @Override
    public String toString() {
      return kind();
    }
  }

  /**
   * A dictionary, which grows while it is read. Entries are kept as they come, not hashed, so that
   * keys made to collide cost nothing; whoever uses it looks for doubles.
   */
  record Dict(List<Item> items) implements PickleValue {

    record Item(PickleValue key, PickleValue value) {}

    @Override
    public String kind() {
      return "a dictionary of " + items.size();
    }

    @Override
    public String toString() {
      return kind();
    }
  }

  /**
   * Numbers that stand in an entry of their own.
   *
   * @param key the entry's name below {@code data/}
   * @param count how many numbers the pickle says there are; not checked yet
   */
  record Storage(StorageType type, String key, long count) implements PickleValue {
    @Override
    public String kind() {
      return "a storage";
    }
  }

  /**
   * A view of a storage; nothing is checked yet except that there are as many strides as sizes.
   *
   * @param offset of the first number, in numbers
   * @param strides how far apart neighbours along a dimension are, in numbers
   */
  record View(Storage storage, long offset, List<Long> sizes, List<Long> strides)
      implements PickleValue {
    @Override
    public String kind() {
      return "a tensor";
    }
  }
}
