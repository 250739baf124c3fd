package rwkv.engine.checkpoint;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** Writes the pickle of a dictionary of tensors, protocol 2, in the words that torch.save uses. */
final class PickleOutput {

  private static final int PROTOCOL = 0x80;
  private static final int LONG1 = 0x8a;
  private static final int NEWFALSE = 0x89;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  PickleOutput() {
    code(PROTOCOL).code(2).code('}').code('(');
  }

  /** An entry whose value is a tensor, all of a storage of its own. */
  void tensor(TensorSource tensor, StorageType type, String storage) {
    text(tensor.name());
    global(Callable.TENSOR.global()).code('(');
    storage(type, storage, tensor.shape().count());
    number(0);
    List<Long> sizes = tensor.shape().sizes();
    numbers(sizes);
    numbers(strides(sizes));
    code(NEWFALSE);
    global(Callable.ORDERED_DICT.global()).code(')').code('R');
    code('t').code('R');
  }

  /** An entry whose value is a text. */
  void text(String name, String value) {
    text(name);
    text(value);
  }

  /** The whole pickle. */
  byte[] end() {
    code('u').code('.');
    return out.toByteArray();
  }

  /** By its persistent id. */
  private void storage(StorageType type, String key, long count) {
    code('(');
    text("storage");
    global(type.global());
    text(key);
    text("cpu");
    number(count);
    code('t').code('Q');
  }

  private PickleOutput global(String name) {
    int dot = name.lastIndexOf('.');
    return code('c')
        .bytes(Utf8.encode(name.substring(0, dot) + "\n" + name.substring(dot + 1) + "\n"));
  }

  private void text(String text) {
    byte[] utf8 = Utf8.encode(text);
    code('X').little(4, utf8.length).bytes(utf8);
  }

  /** Of numbers that lie row-major. */
  private static List<Long> strides(List<Long> sizes) {
    Long[] strides = new Long[sizes.size()];
    long next = 1;
    for (int d = strides.length - 1; d >= 0; d--) {
      strides[d] = next;
      next *= Math.max(1, sizes.get(d));
    }
    return List.of(strides);
  }

  private void numbers(List<Long> numbers) {
    code('(');
    numbers.forEach(this::number);
    code('t');
  }

  /** In the shortest instruction that holds it. */
  private void number(long value) {
    if (value >= 0 && value < 1 << 8) {
      code('K').little(1, value);
    } else if (value >= 0 && value < 1 << 16) {
      code('M').little(2, value);
    } else if (value == (int) value) {
      code('J').little(4, value);
    } else {
      code(LONG1).code(Long.BYTES).little(Long.BYTES, value);
    }
  }

  private PickleOutput code(int code) {
    out.write(code);
    return this;
  }

  private PickleOutput bytes(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  private PickleOutput little(int bytes, long value) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (value >>> 8 * i));
    }
    return this;
  }
}
