package rwkv.engine.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes rwkv.cpp {@code .bin} files for tests, good ones and others. */
final class BinBuilder {

  static final int FP32 = 0;
  static final int FP16 = 1;
  static final int Q4_0 = 2;
  static final int Q4_1 = 3;
  static final int Q5_0 = 7;
  static final int Q5_1 = 8;
  static final int Q8_0 = 9;

  private final LittleEndian out = new LittleEndian();

  /** A header for a model of 2 layers, 32 channels and 4 tokens. */
  BinBuilder(long version, long type) {
    out.utf8("fmgg").u4(version).u4(4).u4(32).u4(2).u4(type);
  }

  /**
   * A tensor.
   *
   * @param sizes innermost first, as they stand in the file
   */
  BinBuilder tensor(String name, long type, byte[] data, long... sizes) {
    return header(name.length(), type, sizes).raw(new LittleEndian().utf8(name).bytes(data));
  }

  BinBuilder floats(String name, float[] values, long... sizes) {
    LittleEndian bytes = new LittleEndian();
    for (float value : values) {
      bytes.f4(value);
    }
    return tensor(name, FP32, bytes.toBytes(), sizes);
  }

  /** What stands before a tensor's name. */
  BinBuilder header(long nameLength, long type, long... sizes) {
    out.u4(sizes.length).u4(nameLength).u4(type);
    for (long size : sizes) {
      out.u4(size);
    }
    return this;
  }

  BinBuilder raw(LittleEndian bytes) {
    out.bytes(bytes.toBytes());
    return this;
  }

  Path writeTo(Path file) throws IOException {
    return Files.write(file, toBytes());
  }

  byte[] toBytes() {
    return out.toBytes();
  }
}
