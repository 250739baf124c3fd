package rwkv.engine.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import rwkv.engine.tensor.Tensor;

/**
 * A valid file that is damaged again and again, mostly outside its tensors' data, where a reader
 * looks. Only what changes is written and restored.
 */
final class Victim implements AutoCloseable {

  private static final byte[] TELLING =
      "\"{}[],:-019eE\\/.\0\u0001\u0080\u00ff".getBytes(ISO_8859_1);
  private static final long[] EXTREMES = {
    0,
    1,
    2,
    31,
    32,
    33,
    255,
    256,
    65535,
    65536,
    0x7fff_ffffL,
    0x8000_0000L,
    0xffff_ffffL,
    1L << 32,
    1L << 40,
    1L << 61,
    1L << 62,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.MIN_VALUE + 1,
    -1,
    -2,
    -32,
  };

  private final Path file;
  private final byte[] whole;
  private final byte[] work;
  private final int[] hot;
  private final FileChannel channel;
  private int from;
  private int to;
  private int length;

  /**
   * @param file a copy of the valid file that may be damaged
   * @param data where tensors' data is, as tells {@link #dataOf}
   */
  Victim(Path file, byte[] whole, boolean[] data) throws IOException {
    this.file = Files.write(file, whole);
    this.whole = whole;
    this.work = whole.clone();
    this.hot = IntStream.range(0, whole.length).filter(i -> !data[i]).toArray();
    this.channel = FileChannel.open(file, StandardOpenOption.WRITE);
  }

  Path file() {
    return file;
  }

  /** How many bytes the file has now. */
  int length() {
    return length;
  }

  /** Which bytes of a file are numbers of tensors. */
  static boolean[] dataOf(Path file) throws IOException {
    try (OpenCheckpoint checkpoint = (OpenCheckpoint) Checkpoints.open(file)) {
      boolean[] data = new boolean[(int) Files.size(file)];
      long base = checkpoint.mapped().getFirst().bytes().address();
      for (Tensor tensor : checkpoint.tensors().values()) {
        long begin = tensor.data().address() - base;
        if (begin >= 0 && begin < data.length) {
          Arrays.fill(data, (int) begin, (int) (begin + tensor.data().byteSize()), true);
        }
      }
      return data;
    }
  }

  /** Does one to three things to the file. */
  void damage(Random random) throws IOException {
    from = whole.length;
    to = 0;
    length = whole.length;
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      change(random);
    }
    if (from < to) {
      channel.write(ByteBuffer.wrap(work, from, to - from), from);
    }
    if (length < whole.length) {
      channel.truncate(length);
    } else if (length > whole.length) {
      channel.write(ByteBuffer.allocate(length - whole.length), whole.length);
    }
  }

  void restore() throws IOException {
    channel.truncate(whole.length);
    int first = Math.min(length, from);
    int end = length < whole.length ? whole.length : to;
    if (first < end) {
      System.arraycopy(whole, first, work, first, end - first);
      channel.write(ByteBuffer.wrap(whole, first, end - first), first);
    }
  }

  private void change(Random random) {
    int at = hot[random.nextInt(hot.length)];
    switch (random.nextInt(9)) {
      case 0 -> put(at, (byte) random.nextInt(256));
      case 1 -> put(at, (byte) (work[at] ^ 1 << random.nextInt(8)));
      case 2 -> put(at, TELLING[random.nextInt(TELLING.length)]);
      case 3, 4 -> putNumber(random, at);
      case 5 -> copy(hot[random.nextInt(hot.length)], at, 1 + random.nextInt(64));
      case 6 -> copy(at, at + 1 + random.nextInt(8), 1 + random.nextInt(200));
      case 7 -> copy(at + 1 + random.nextInt(8), at, 1 + random.nextInt(200));
      default -> {
        if (random.nextInt(4) == 0) {
          length = whole.length + random.nextInt(100);
        } else {
          length = random.nextBoolean() ? at : random.nextInt(whole.length);
        }
      }
    }
  }

  private void putNumber(Random random, int at) {
    long value =
        random.nextInt(4) == 0
            ? whole.length + random.nextInt(64) - 32
            : EXTREMES[random.nextInt(EXTREMES.length)];
    byte[] bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    int width = 1 << random.nextInt(4);
    for (int i = 0; i < width; i++) {
      put(at + i, bytes[i]);
    }
  }

  private void copy(int source, int target, int count) {
    int most = Math.min(count, whole.length - Math.max(source, target));
    if (most > 0) {
      System.arraycopy(work, source, work, target, most);
      changed(target, target + most);
    }
  }

  private void put(int at, byte value) {
    if (at < whole.length) {
      work[at] = value;
      changed(at, at + 1);
    }
  }

  private void changed(int first, int end) {
    from = Math.min(from, first);
    to = Math.max(to, end);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
