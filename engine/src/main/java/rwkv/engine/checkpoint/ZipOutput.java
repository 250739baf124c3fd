package rwkv.engine.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;

/**
 * Writes a zip archive whose entries are stored as they are, their data at multiples of {@value
 * #ALIGNMENT} bytes as PyTorch wants to map them. Sizes and places beyond four bytes go into zip64
 * fields. The same entries always give the same bytes.
 */
final class ZipOutput {

  /** From here on a value does not fit the four bytes that it has without zip64. */
  static final long WIDE = 0xffff_ffffL;

  private static final int ALIGNMENT = 64;
  private static final int LOCAL_BYTES = 30;
  private static final int CRC_AT = 14;
  private static final int FIELD_HEADER = 4;
  private static final short ZIP64 = 1;

  /** PyTorch's name for a field that only takes up room. */
  private static final short PADDING = 0x4246;

  private static final short UTF8 = 0x0800;

  /** The first day that there is. */
  private static final short DATE = 1 << 5 | 1;

  private static final short NEEDS_ZIP64 = 45;

  private final FileChannel channel;
  private final long wide;
  private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
  private long entries;

  /** Writes an entry's data. */
  interface Content {
    void writeTo(ChunkOutput output) throws IOException;
  }

  /** Takes an entry's data, piece by piece. */
  interface ChunkOutput {
    void write(ByteBuffer bytes) throws IOException;
  }

  /**
   * @param wide from which value on zip64 fields are used
   */
  ZipOutput(FileChannel channel, long wide) {
    this.channel = channel;
    this.wide = wide;
  }

  void entry(String name, byte[] data) throws IOException {
    entry(name, data.length, output -> output.write(ByteBuffer.wrap(data)));
  }

  /**
   * Writes an entry.
   *
   * @param size of its data, exactly
   */
  void entry(String name, long size, Content content) throws IOException {
    byte[] utf8 = Utf8.encode(name);
    long at = channel.position();
    CRC32 crc = new CRC32();
    TensorOutput.write(channel, local(utf8, size, at));
    content.writeTo(bytes -> {
      crc.update(bytes.duplicate());
      TensorOutput.write(channel, bytes);
    });
    // What the data sum up to is known only now.
    channel.write(little(4).putInt((int) crc.getValue()).flip(), at + CRC_AT);
    central(utf8, size, at, (int) crc.getValue());
    entries++;
  }

  private ByteBuffer local(byte[] name, long size, long at) {
    boolean isWide = size >= wide;
    int extra = isWide ? FIELD_HEADER + 16 : 0;
    long unpadded = at + LOCAL_BYTES + name.length + extra + FIELD_HEADER;
    int padding = (int) (-unpadded & ALIGNMENT - 1);
    int fields = extra + FIELD_HEADER + padding;
    ByteBuffer header = little(LOCAL_BYTES + name.length + fields);
    common(header.putInt(0x04034b50), isWide, 0, size);
    header.putShort((short) name.length).putShort((short) fields).put(name);
    if (isWide) {
      header.putShort(ZIP64).putShort((short) 16).putLong(size).putLong(size);
    }
    return header.putShort(PADDING).putShort((short) padding).position(0);
  }

  private void central(byte[] name, long size, long at, int crc) {
    boolean isWide = size >= wide || at >= wide;
    int extra = isWide ? FIELD_HEADER + 24 : 0;
    ByteBuffer entry = little(46 + name.length + extra).putInt(0x02014b50);
    entry.putShort(isWide ? NEEDS_ZIP64 : 0);
    common(entry, isWide, crc, size);
    entry.putShort((short) name.length).putShort((short) extra);
    // No comment, no other disk, no attributes.
    entry.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0);
    entry.putInt((int) (isWide ? WIDE : at)).put(name);
    if (isWide) {
      entry.putShort(ZIP64).putShort((short) 24).putLong(size).putLong(size).putLong(at);
    }
    directory.writeBytes(entry.array());
  }

  /** What both headers of an entry have from the version needed to the sizes. */
  private void common(ByteBuffer header, boolean isWide, int crc, long size) {
    int narrow = (int) (isWide ? WIDE : size);
    header.putShort(isWide ? NEEDS_ZIP64 : 0).putShort(UTF8).putShort((short) 0);
    header.putShort((short) 0).putShort(DATE).putInt(crc).putInt(narrow).putInt(narrow);
  }

  /** Writes the directory. */
  void end() throws IOException {
    long at = channel.position();
    int size = directory.size();
    TensorOutput.write(channel, ByteBuffer.wrap(directory.toByteArray()));
    boolean isWide = at >= wide || entries >= Math.min(wide, 0xffff);
    if (isWide) {
      long end = channel.position();
      ByteBuffer zip64 = little(56 + 20).putInt(0x06064b50).putLong(44);
      zip64.putShort(NEEDS_ZIP64).putShort(NEEDS_ZIP64).putInt(0).putInt(0);
      zip64.putLong(entries).putLong(entries).putLong(size).putLong(at);
      zip64.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
      TensorOutput.write(channel, zip64.flip());
    }
    short count = (short) (isWide ? 0xffff : entries);
    ByteBuffer end = little(22).putInt(0x06054b50).putInt(0).putShort(count).putShort(count);
    end.putInt(isWide ? -1 : size).putInt(isWide ? -1 : (int) at).putShort((short) 0);
    TensorOutput.write(channel, end.flip());
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
