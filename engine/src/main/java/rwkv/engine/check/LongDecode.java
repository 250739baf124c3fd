package rwkv.engine.check;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Random;
import java.util.function.LongSupplier;
import rwkv.engine.backend.Backend;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.DeviceFacts;
import rwkv.engine.backend.Kernels;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Rwkv;
import rwkv.engine.model.State;
import rwkv.engine.trace.Trace;

/** A long text, token by token: memory must not grow, and numbers must stay numbers. */
final class LongDecode {

  /** Tokens before memory is looked at for the first time. */
  private static final int SETTLED = 500;

  /** Memory of a card is counted in pages of two megabytes. */
  private static final long CARD_SLACK = 2L << 20;

  /** Less than what a small object for every token would take. */
  private static final long HEAP_SLACK = 1L << 17;

  private static final int LOOKS = 8;

  private LongDecode() {}

  /**
   * Memory that must not grow.
   *
   * @param used bytes in use now
   * @param slack by which they may be off
   */
  record Memory(LongSupplier used, long slack) {}

  /** Bytes in use: on the device where it has memory of its own, else on the heap. */
  static Memory memory(Backend backend) {
    boolean card = backend.facts() != null;
    LongSupplier used =
        () -> {
          // Memory of buffers that nobody holds goes back with the next collection.
          System.gc();
          DeviceFacts facts = backend.facts();
          return facts == null
              ? ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()
              : facts.bytes() - facts.freeBytes();
        };
    return new Memory(used, card ? CARD_SLACK : HEAP_SLACK);
  }

  /**
   * Decodes.
   *
   * @param tokens more than 1,000
   * @param memory that must not grow
   */
  static Row run(Kernels kernels, Checkpoint checkpoint, int tokens, Memory memory) {
    Rwkv model = Rwkv.load(checkpoint, kernels, Progress.NONE);
    State state = model.state(1);
    Buffer logits = model.logits(1, 1);
    float[] numbers = new float[logits.length()];
    Random random = new Random(1);
    long first = 0;
    long growth = 0;
    int odd = 0;
    int between = Math.max(1, (tokens - SETTLED) / LOOKS);
    for (int t = 0; t < tokens; t++) {
      int token = random.nextInt(model.spec().vocabulary());
      model.forward(logits, new int[] {token}, 1, state, Trace.OFF);
      logits.read(0, numbers, 0, numbers.length);
      for (float number : numbers) {
        odd += Float.isFinite(number) ? 0 : 1;
      }
      if (t == SETTLED) {
        first = memory.used.getAsLong();
      } else if (t > SETTLED && (t - SETTLED) % between == 0 || t == tokens - 1) {
        growth = Math.max(growth, memory.used.getAsLong() - first);
      }
    }
    return Row.judged(
        String.format(Locale.ROOT, "decoding %,d tokens of %s", tokens, name(checkpoint)),
        String.format(
            Locale.ROOT,
            "memory grows by less than %,d bytes, all logits are numbers",
            memory.slack),
        String.format(
            Locale.ROOT,
            "%,d bytes in use after %d tokens, at most %,d more later; %d logits no numbers",
            first,
            SETTLED,
            growth,
            odd),
        growth < memory.slack && odd == 0);
  }

  private static String name(Checkpoint checkpoint) {
    return String.valueOf(checkpoint.path().getFileName());
  }
}
