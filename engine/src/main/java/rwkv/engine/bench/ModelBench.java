package rwkv.engine.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Session;

/**
 * Times a model and, in between, the memory it stands in. Every repeat measures prefill, decode and
 * memory one after the other: what else the machine does then falls on all of them alike, and their
 * ratio means something even on a busy one.
 *
 * <p>Tokens are drawn at random beforehand; neither sampling nor text is part of the times.
 */
public final class ModelBench {

  private static final long LEAST_REGION = 512L << 20;
  private static final long MOST_REGION = 4L << 30;
  private static final double MEMORY_SECONDS = 0.2;

  private final Session session;
  private final BenchPlan plan;
  private final int[] prompt;
  private final Decoding decoding;

  private ModelBench(Engine engine, BenchPlan plan) {
    this.session = engine.session();
    this.plan = plan;
    Random random = new Random(1);
    int vocabulary = engine.spec().vocabulary();
    this.prompt = random.ints(plan.prefill(), 0, vocabulary).toArray();
    this.decoding = new Decoding(session, plan.decode());
  }

  /**
   * Measures.
   *
   * @param threads that read memory: as many as the engine was opened with
   */
  public static BenchResult run(Engine engine, int threads, BenchPlan plan) {
    ModelBench bench = new ModelBench(engine, plan);
    bench.warmUp();
    OptionalLong peak = SystemMemory.peakResident();
    long bytesPerToken = engine.model().weightBytesPerToken();
    try (MemoryReader memory = new MemoryReader(regionBytes(), threads);
        MemoryReader modelSized = modelSized(bytesPerToken, memory.bytes(), threads)) {
      List<Double> prefill = new ArrayList<>();
      List<Double> decode = new ArrayList<>();
      List<Double> large = new ArrayList<>();
      List<Double> own = new ArrayList<>();
      memory.measure(MEMORY_SECONDS);
      modelSized.measure(MEMORY_SECONDS);
      for (int repeat = 0; repeat < plan.repeats(); repeat++) {
        prefill.add(bench.prefill());
        decode.add(bench.decoding.measure());
        large.add(memory.measure(MEMORY_SECONDS));
        own.add(modelSized.measure(MEMORY_SECONDS));
      }
      return new BenchResult(
          new Samples(prefill),
          new Samples(decode),
          bytesPerToken,
          new BenchResult.Region(memory.bytes(), new Samples(large)),
          new BenchResult.Region(modelSized.bytes(), new Samples(own)),
          SystemMemory.largestCache(),
          peak);
    }
  }

  /** Many times the largest cache, but no more than a quarter of what can be had. */
  private static long regionBytes() {
    long wanted = Math.max(LEAST_REGION, 8 * SystemMemory.largestCache().orElse(0));
    return Math.min(Math.min(wanted, MOST_REGION), SystemMemory.available() / 4);
  }

  private static MemoryReader modelSized(long bytesPerToken, long most, int threads) {
    return new MemoryReader(Math.min(bytesPerToken, most), threads);
  }

  private void warmUp() {
    long end = System.nanoTime() + (long) (plan.warmUpSeconds() * 1e9);
    do {
      prefill();
      decoding.measure();
    } while (System.nanoTime() < end);
  }

  private double prefill() {
    session.reset();
    long begin = System.nanoTime();
    session.prefill(prompt, plan.chunk(), Progress.NONE);
    return prompt.length / Decoding.seconds(begin);
  }
}
