package rwkv.engine.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes pickles for tests, good ones and others, instruction by instruction. */
final class PickleBuilder {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  PickleBuilder() {
    raw(0x80, 2);
  }

  PickleBuilder raw(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  PickleBuilder op(char code) {
    return raw(code);
  }

  PickleBuilder bytes(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  PickleBuilder utf8(String text) {
    return bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  PickleBuilder global(String module, String name) {
    return op('c').utf8(module + "\n" + name + "\n");
  }

  PickleBuilder text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return op('X').little(4, bytes.length).bytes(bytes);
  }

  /** As Python does: the shortest instruction that holds the number. */
  PickleBuilder number(long value) {
    if (value >= 0 && value < 256) {
      return op('K').little(1, value);
    }
    if (value >= 0 && value < 65536) {
      return op('M').little(2, value);
    }
    if (value == (int) value) {
      return op('J').little(4, value);
    }
    return raw(0x8a, 8).little(8, value);
  }

  PickleBuilder numbers(long... values) {
    op('(');
    for (long value : values) {
      number(value);
    }
    return op('t');
  }

  /** A storage by its persistent id. */
  PickleBuilder storage(String type, String key, long count) {
    op('(').text("storage").global("torch", type).text(key).text("cpu").number(count).op('t');
    return op('Q');
  }

  /** A whole storage as a tensor of that shape. */
  PickleBuilder tensor(String type, String key, long... sizes) {
    long count = 1;
    long[] strides = new long[sizes.length];
    for (int d = sizes.length - 1; d >= 0; d--) {
      strides[d] = count;
      count *= sizes[d];
    }
    return view(type, key, count, 0, sizes, strides);
  }

  PickleBuilder view(
      String type, String key, long count, long offset, long[] sizes, long[] strides) {
    global("torch._utils", "_rebuild_tensor_v2").op('(').storage(type, key, count).number(offset);
    numbers(sizes).numbers(strides).raw(0x89).orderedDict();
    return op('t').op('R');
  }

  PickleBuilder orderedDict() {
    return global("collections", "OrderedDict").op(')').op('R');
  }

  PickleBuilder little(int length, long value) {
    byte[] bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    out.write(bytes, 0, length);
    return this;
  }

  byte[] stop() {
    return op('.').bytes();
  }

  byte[] bytes() {
    return out.toByteArray();
  }
}
