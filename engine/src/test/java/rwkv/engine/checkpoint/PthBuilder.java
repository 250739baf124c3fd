package rwkv.engine.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/** Writes {@code .pth} archives for tests, in the ways PyTorch does and in ways it does not. */
final class PthBuilder {

  private final Map<String, byte[]> entries = new LinkedHashMap<>();
  private String root = "archive";
  private boolean zip64;
  private boolean descriptors;
  private int method;

  PthBuilder pickle(byte[] pickle) {
    return entry("data.pkl", pickle);
  }

  PthBuilder storage(String key, float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return entry("data/" + key, bytes.array());
  }

  PthBuilder entry(String name, byte[] bytes) {
    entries.put(name, bytes);
    return this;
  }

  PthBuilder root(String name) {
    root = name;
    return this;
  }

  /** Sizes and offsets in zip64 fields only, as in files beyond 4 GB. */
  PthBuilder zip64() {
    zip64 = true;
    return this;
  }

  /** Sizes not in the local header but after the data, as PyTorch's writer has it. */
  PthBuilder descriptors() {
    descriptors = true;
    return this;
  }

  /** Claims a compression method without compressing. */
  PthBuilder method(int number) {
    method = number;
    return this;
  }

  Path writeTo(Path file) throws IOException {
    return Files.write(file, bytes());
  }

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream directory = new ByteArrayOutputStream();
    entries.forEach((name, data) -> {
      byte[] fullName = (root + "/" + name).getBytes(StandardCharsets.UTF_8);
      long at = out.size();
      local(out, fullName, data);
      central(directory, fullName, data, at);
    });
    long start = out.size();
    out.writeBytes(directory.toByteArray());
    end(out, start, directory.size());
    return out.toByteArray();
  }

  private void local(ByteArrayOutputStream out, byte[] name, byte[] data) {
    int size = descriptors ? 0 : data.length;
    ByteBuffer header = little(30).putInt(0x04034b50).putShort((short) 0);
    header.putShort((short) (descriptors ? 0x0808 : 0x0800)).putShort((short) method).putInt(0);
    header.putInt(descriptors ? 0 : crc(data)).putInt(size).putInt(size);
    out.writeBytes(header.putShort((short) name.length).putShort((short) 7).array());
    out.writeBytes(name);
    // Like PyTorch's padding, which the directory does not have.
    out.writeBytes(little(7).putShort((short) 0x4246).putShort((short) 3).array());
    out.writeBytes(data);
    if (descriptors) {
      ByteBuffer after = little(16).putInt(0x08074b50).putInt(crc(data)).putInt(data.length);
      out.writeBytes(after.putInt(data.length).array());
    }
  }

  private void central(ByteArrayOutputStream out, byte[] name, byte[] data, long at) {
    ByteBuffer entry = little(46).putInt(0x02014b50).putInt(0);
    entry.putShort((short) (descriptors ? 0x0808 : 0x0800)).putShort((short) method).putInt(0);
    entry.putInt(crc(data)).putInt(zip64 ? -1 : data.length).putInt(zip64 ? -1 : data.length);
    entry.putShort((short) name.length).putShort((short) (zip64 ? 28 : 0));
    out.writeBytes(entry.putInt(42, zip64 ? -1 : (int) at).array());
    out.writeBytes(name);
    if (zip64) {
      ByteBuffer extra = little(28).putShort((short) 1).putShort((short) 24);
      out.writeBytes(extra.putLong(data.length).putLong(data.length).putLong(at).array());
    }
  }

  private void end(ByteArrayOutputStream out, long start, long size) {
    if (zip64) {
      long wide = out.size();
      ByteBuffer end = little(56).putInt(0x06064b50).putLong(44).putInt(0).putLong(0);
      end.putLong(entries.size()).putLong(entries.size()).putLong(size).putLong(start);
      out.writeBytes(end.array());
      out.writeBytes(little(20).putInt(0x07064b50).putInt(0).putLong(wide).putInt(1).array());
    }
    ByteBuffer end = little(22).putInt(0x06054b50).putInt(0);
    end.putShort((short) (zip64 ? -1 : entries.size()));
    end.putShort((short) (zip64 ? -1 : entries.size()));
    end.putInt(zip64 ? -1 : (int) size).putInt(zip64 ? -1 : (int) start);
    out.writeBytes(end.array());
  }

  private static int crc(byte[] data) {
    CRC32 crc = new CRC32();
    crc.update(data);
    return (int) crc.getValue();
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
