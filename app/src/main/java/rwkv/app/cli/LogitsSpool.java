package rwkv.app.cli;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/**
 * Logits on their way into a file. With a vocabulary of 65,536 every thousand positions are 262 MB,
 * so they wait in a temporary file and not in memory.
 */
final class LogitsSpool implements AutoCloseable {

  private static final int AT_ONCE = 1 << 16;

  private final FileChannel file;
  private final Arena arena = Arena.ofConfined();
  private final ByteBuffer bytes =
      ByteBuffer.allocateDirect(AT_ONCE * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);

  /**
   * @param folder for the temporary file: where the result will be, so that there is room for both
   *     or for neither
   * @throws IOException if it cannot be made
   */
  LogitsSpool(Path folder) {
    try {
      file =
          FileChannel.open(
              folder.resolve(".logits." + UUID.randomUUID() + ".tmp"),
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
    } catch (IOException e) {
      throw new BadInput("the folder " + folder + " cannot be written to", e);
    }
  }

  /**
   * Adds some.
   *
   * @throws IOException if there is no room
   */
  void add(float[] logits) throws IOException {
    for (int from = 0; from < logits.length; from += AT_ONCE) {
      int count = Math.min(AT_ONCE, logits.length - from);
      bytes.clear().limit(count * Float.BYTES);
      bytes.asFloatBuffer().put(logits, from, count);
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    }
  }

  /**
   * All that was added; valid until this is closed.
   *
   * @throws IOException if the file cannot be mapped
   */
  Tensor tensor(int tokens, int vocabulary) throws IOException {
    return new Tensor(
        SavedState.LOGITS,
        DType.F32,
        Shape.of(tokens, vocabulary),
        file.map(MapMode.READ_ONLY, 0, file.size(), arena));
  }

  @Override
  public void close() throws IOException {
    arena.close();
    file.close();
  }
}
