package rwkv.engine.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Puts tensors into files. */
final class TensorOutput {

  private static final int CHUNK = 1 << 20;

  private TensorOutput() {}

  /** Takes a tensor's bytes, piece by piece; a piece is its own only until it returns. */
  interface Chunks {
    void take(ByteBuffer chunk) throws IOException;
  }

  /** Asks for the tensor's bytes and writes them, a chunk at a time. */
  static void write(FileChannel channel, TensorSource tensor) throws IOException {
    forEachChunk(tensor, chunk -> write(channel, chunk));
  }

  /**
   * Asks for the tensor's bytes and hands them over, a chunk at a time.
   *
   * @throws IllegalStateException if there are more or fewer than its type and shape ask for
   */
  static void forEachChunk(TensorSource tensor, Chunks chunks) throws IOException {
    MemorySegment data = tensor.data().get();
    if (data.byteSize() != tensor.bytes()) {
      throw new IllegalStateException(
          "tensor %s needs %s bytes, got %s".formatted(tensor, tensor.bytes(), data.byteSize()));
    }
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, data.byteSize()));
    for (long at = 0; at < data.byteSize(); at += chunk.capacity()) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), data.byteSize() - at));
      MemorySegment.copy(
          data, ValueLayout.JAVA_BYTE, at, chunk.array(), chunk.arrayOffset(), chunk.limit());
      chunks.take(chunk);
    }
  }

  static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
