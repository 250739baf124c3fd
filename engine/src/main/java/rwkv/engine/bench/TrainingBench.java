package rwkv.engine.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import rwkv.engine.backend.Backends;
import rwkv.engine.backend.Kernels;
import rwkv.engine.model.Progress;
import rwkv.engine.tensor.Tensor;
import rwkv.engine.train.Initialiser;
import rwkv.engine.train.ModelPlan;
import rwkv.engine.train.Trainer;
import rwkv.engine.train.TrainingPlan;
import rwkv.engine.train.task.Batch;

/**
 * How fast a model of a size learns: whole steps of forward and backward pass, clipping and AdamW,
 * over random tokens.
 *
 * @param plan of the model, whose first parameters are the official ones
 * @param sequences of a step
 * @param time tokens of each
 * @param seconds a step took, each
 * @param macs multiply-adds of a step's matrix products
 * @param activationBytes that a step holds on to beside the parameters
 */
public record TrainingBench(
    ModelPlan plan, int sequences, int time, Samples seconds, long macs, long activationBytes) {

  private static final long SEED = 1;

  /** Sizes of small models that are trained on a desk: layers, channels and head size. */
  public static final List<int[]> SIZES =
      List.of(new int[] {2, 64, 16}, new int[] {4, 128, 32}, new int[] {4, 256, 64});

  /** A forward pass, and a backward pass for inputs and one for weights. */
  private static final int PASSES = 3;

  /**
   * Measures.
   *
   * @param backend a backend's id, or {@link Backends#AUTO}
   * @param warmUpSeconds of steps that are not measured, at least one
   * @param repeats steps that are
   * @throws IllegalArgumentException if the backend cannot train
   */
  public static TrainingBench of(
      ModelPlan plan,
      int sequences,
      int time,
      String backend,
      int threads,
      double warmUpSeconds,
      int repeats) {
    Map<String, Tensor> tensors =
        new Initialiser(plan, plan.officialDecays(), SEED).tensors(Progress.NONE);
    try (Kernels kernels = Backends.installed().choose(backend).open(threads)) {
      Trainer trainer = Trainer.start(TrainingPlan.of(Integer.MAX_VALUE), tensors, kernels);
      Random random = new Random(SEED);
      long begin = System.nanoTime();
      do {
        trainer.step(batch(random, plan.vocabulary(), sequences, time));
      } while ((System.nanoTime() - begin) * 1e-9 < warmUpSeconds);
      List<Double> seconds = new ArrayList<>();
      for (int i = 0; i < repeats; i++) {
        Batch batch = batch(random, plan.vocabulary(), sequences, time);
        long start = System.nanoTime();
        trainer.step(batch);
        seconds.add((System.nanoTime() - start) * 1e-9);
      }
      long macs = PASSES * matrixNumbers(tensors) * sequences * time;
      return new TrainingBench(
          plan, sequences, time, new Samples(seconds), macs, trainer.activationBytes());
    }
  }

  /** Tokens learnt from in a second, at the median. */
  public double tokensPerSecond() {
    return (double) sequences * time / seconds.median();
  }

  private static Batch batch(Random random, int vocabulary, int sequences, int time) {
    int[] tokens = random.ints((long) sequences * time, 0, vocabulary).toArray();
    int[] targets = random.ints((long) sequences * time, 0, vocabulary).toArray();
    return new Batch(sequences, time, tokens, targets, false);
  }

  /** Numbers of all matrices that a token is multiplied with: all but the embedding. */
  private static long matrixNumbers(Map<String, Tensor> tensors) {
    return tensors.values().stream()
        .filter(tensor -> !tensor.name().startsWith("emb."))
        .filter(TrainingBench::isMatrix)
        .mapToLong(tensor -> tensor.shape().count())
        .sum();
  }

  private static boolean isMatrix(Tensor tensor) {
    return IntStream.range(0, tensor.shape().rank()).filter(i -> tensor.shape().size(i) > 1).count()
        > 1;
  }
}
