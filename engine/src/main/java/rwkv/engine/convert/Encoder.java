package rwkv.engine.convert;

import java.lang.foreign.MemorySegment;
import java.util.stream.LongStream;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.model.Progress;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Quantiser;

/** Turns numbers into the bytes of a type, on all processors. */
final class Encoder {

  /** What rounds to infinity. */
  private static final float F16_OVERFLOW = 65520;

  private static final float BF16_OVERFLOW = 0x1.FFp127f;

  /** Numbers that one thread encodes at a time: whole blocks of every type. */
  private static final int CHUNK = 1 << 14;

  /** Chunks between two looks at the progress. */
  private static final long GROUP = 256;

  private final Checkpoint checkpoint;

  /**
   * @param checkpoint where the numbers come from, for messages
   */
  Encoder(Checkpoint checkpoint) {
    this.checkpoint = checkpoint;
  }

  /**
   * Fills {@code to} with a tensor's bytes.
   *
   * @param progress of this tensor
   * @throws CheckpointException naming the tensor and the first number that is not finite, or that
   *     the type cannot hold
   */
  void encode(TargetTensor tensor, MemorySegment to, Progress progress) {
    long count = tensor.shape().count();
    long chunks = (count + CHUNK - 1) / CHUNK;
    for (long first = 0; first < chunks; first += GROUP) {
      LongStream.range(first, Math.min(chunks, first + GROUP))
          .parallel()
          .forEach(chunk -> encode(tensor, chunk * CHUNK, to));
      progress.at(Math.min(1, (double) (first + GROUP) / chunks));
    }
  }

  private void encode(TargetTensor tensor, long from, MemorySegment to) {
    int count = (int) Math.min(CHUNK, tensor.shape().count() - from);
    float[] values = new float[count];
    tensor.numbers().read(from, count, values);
    check(tensor, from, values);
    DType dtype = tensor.dtype();
    try {
      Quantiser.encode(dtype, values, 0, count, to, dtype.bytes(from));
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          checkpoint.path(),
          "tensor %s cannot be stored as %s: %s".formatted(tensor.source(), dtype, e.getMessage()),
          e);
    }
  }

  private void check(TargetTensor tensor, long from, float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!fits(tensor.dtype(), values[i])) {
        throw new CheckpointException(
            checkpoint.path(),
            Float.isFinite(values[i])
                ? "tensor %s holds %s at index %d, which %s cannot hold; choose another --dtype"
                    .formatted(tensor.source(), values[i], from + i, tensor.dtype())
                : "tensor %s should hold finite numbers, found %s at index %d"
                    .formatted(tensor.source(), values[i], from + i));
      }
    }
  }

  private static boolean fits(DType dtype, float x) {
    return switch (dtype) {
      case F32 -> Float.isFinite(x);
      case BF16 -> Math.abs(x) < BF16_OVERFLOW;
      // Scales of blocks are F16 too.
      default -> Math.abs(x) < F16_OVERFLOW;
    };
  }
}
