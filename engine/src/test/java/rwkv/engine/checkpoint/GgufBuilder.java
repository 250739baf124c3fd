package rwkv.engine.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import rwkv.engine.tensor.DType;

/** Writes GGUF files for tests, good ones and others; knows the format by its own numbers. */
final class GgufBuilder {

  static final int TEXT = 8;
  static final int ARRAY = 9;
  static final int U32 = 4;

  private record Info(String name, long type, long offset, long[] sizes) {}

  private final LittleEndian entries = new LittleEndian();
  private final List<Info> infos = new ArrayList<>();
  private final LittleEndian data = new LittleEndian();
  private long version = 3;
  private int alignment = 32;
  private long entryCount;
  private Long claimedTensors;
  private Long claimedEntries;

  GgufBuilder version(long number) {
    version = number;
    return this;
  }

  /** What the data is aligned to; whether the file says so is another matter. */
  GgufBuilder alignment(int bytes) {
    alignment = bytes;
    return this;
  }

  GgufBuilder claim(long tensors, long entries) {
    claimedTensors = tensors;
    claimedEntries = entries;
    return this;
  }

  /** A metadata entry, whatever its type and value mean. */
  GgufBuilder entry(String key, int type, LittleEndian value) {
    entryCount++;
    entries.text(key).u4(type).bytes(value.toBytes());
    return this;
  }

  GgufBuilder text(String key, String value) {
    return entry(key, TEXT, new LittleEndian().text(value));
  }

  GgufBuilder u32(String key, long value) {
    return entry(key, U32, new LittleEndian().u4(value));
  }

  GgufBuilder texts(String key, String... values) {
    LittleEndian array = new LittleEndian().u4(TEXT).i8(values.length);
    for (String value : values) {
      array.text(value);
    }
    return entry(key, ARRAY, array);
  }

  /**
   * A tensor whose data follows that of the one before.
   *
   * @param sizes innermost first, as they stand in the file
   */
  GgufBuilder tensor(String name, DType dtype, byte[] bytes, long... sizes) {
    data.pad(alignment);
    long offset = data.size();
    data.bytes(bytes);
    return info(name, number(dtype), offset, sizes);
  }

  GgufBuilder floats(String name, float[] values, long... sizes) {
    LittleEndian bytes = new LittleEndian();
    for (float value : values) {
      bytes.f4(value);
    }
    return tensor(name, DType.F32, bytes.toBytes(), sizes);
  }

  /** What the list says of a tensor, true or not. */
  GgufBuilder info(String name, long type, long offset, long... sizes) {
    infos.add(new Info(name, type, offset, sizes));
    return this;
  }

  Path writeTo(Path file) throws IOException {
    return Files.write(file, toBytes());
  }

  byte[] toBytes() {
    LittleEndian out = new LittleEndian().utf8("GGUF").u4(version);
    out.i8(claimedTensors == null ? infos.size() : claimedTensors);
    out.i8(claimedEntries == null ? entryCount : claimedEntries);
    out.bytes(entries.toBytes());
    for (Info info : infos) {
      out.text(info.name).u4(info.sizes.length);
      for (long size : info.sizes) {
        out.i8(size);
      }
      out.u4(info.type).i8(info.offset);
    }
    return out.pad(alignment).bytes(data.pad(alignment).toBytes()).toBytes();
  }

  static int number(DType dtype) {
    return switch (dtype) {
      case F32 -> 0;
      case F16 -> 1;
      case Q4_0 -> 2;
      case Q4_1 -> 3;
      case Q5_0 -> 6;
      case Q5_1 -> 7;
      case Q8_0 -> 8;
      case Q4_K -> 12;
      case Q5_K -> 13;
      case Q6_K -> 14;
      case BF16 -> 30;
      default -> throw new IllegalArgumentException(dtype + " in GGUF");
    };
  }
}
