package rwkv.engine.train;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Gradients;
import rwkv.engine.backend.Kernels;

/**
 * Buffers that are used again, so that every step of a training runs in the memory of the first.
 */
final class BufferPool {

  /** Sequences and time are no matter: the same rows serve for any of the same number. */
  private record Size(int rows, int channels) {}

  private final Kernels kernels;
  private final Gradients gradients;
  private final Map<Size, Deque<Buffer>> free = new HashMap<>();
  private long numbers;

  BufferPool(Kernels kernels, Gradients gradients) {
    this.kernels = kernels;
    this.gradients = gradients;
  }

  /** A buffer with unknown content. */
  Buffer take(int batch, int time, int channels) {
    Deque<Buffer> there = free.get(new Size(batch * time, channels));
    if (there != null && !there.isEmpty()) {
      return there.pop().as(batch, time);
    }
    Buffer made = kernels.buffer(batch, time, channels);
    numbers += made.length();
    return made;
  }

  Buffer zeros(int batch, int time, int channels) {
    Buffer buffer = take(batch, time, channels);
    gradients.scale(buffer, 0);
    return buffer;
  }

  void give(Buffer buffer) {
    Size size = new Size(buffer.rows(), buffer.channels());
    free.computeIfAbsent(size, _ -> new ArrayDeque<>()).push(buffer);
  }

  /** How many numbers all its buffers hold, those in use among them. */
  long numbers() {
    return numbers;
  }
}
