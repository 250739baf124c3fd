package rwkv.engine.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A file mapped for reading, and the arena that owns the mapping and whatever else must live as
 * long as it.
 *
 * <p>The arena is shared because weights are read by many threads.
 *
 * @param path as it was asked for, for messages
 * @param bytes the whole file
 */
record MappedFile(Path path, MemorySegment bytes, Arena arena, AtomicBoolean closed)
    implements AutoCloseable {

  private static final ValueLayout.OfShort U2 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt U4 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong U8 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * @throws CheckpointException if there is no such file, or it is a folder or cannot be read
   */
  @SuppressWarnings("MustBeClosedChecker") // the arena is closed with the file
  static MappedFile open(Path path) {
    if (Files.isDirectory(path)) {
      throw new CheckpointException(path, "is a folder, expected a file");
    }
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new CheckpointException(path, "is not an ordinary file");
    }
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment bytes = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
      return new MappedFile(path, bytes, arena, new AtomicBoolean());
    } catch (NoSuchFileException e) {
      arena.close();
      throw new CheckpointException(path, "there is no such file", e);
    } catch (UnsupportedOperationException e) {
      arena.close();
      throw new CheckpointException(path, "lies in a file system that cannot map files", e);
    } catch (IOException e) {
      arena.close();
      String reason = Files.isReadable(path) ? String.valueOf(e.getMessage()) : "no permission";
      throw new CheckpointException(path, "cannot be read: " + reason, e);
    }
  }

  long size() {
    return bytes.byteSize();
  }

  int u1(long offset) {
    return Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, offset));
  }

  int u2(long offset) {
    return Short.toUnsignedInt(bytes.get(U2, offset));
  }

  long u4(long offset) {
    return Integer.toUnsignedLong(bytes.get(U4, offset));
  }

  /** Eight bytes; a value of 2^63 or more comes out negative. */
  long i8(long offset) {
    return bytes.get(U8, offset);
  }

  byte[] copy(long offset, int length) {
    return bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
  }

  CheckpointException problem(String problem) {
    return new CheckpointException(path, problem);
  }

  CheckpointException problem(String problem, Throwable cause) {
    return new CheckpointException(path, problem, cause);
  }

  /** Unmaps the file; a second call does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      arena.close();
    }
  }
}
