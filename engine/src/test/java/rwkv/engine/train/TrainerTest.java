package rwkv.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rwkv.engine.Seeds;
import rwkv.engine.TinyModel;
import rwkv.engine.TinyVersion;
import rwkv.engine.backend.Backends;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.model.Rwkv;
import rwkv.engine.model.State;
import rwkv.engine.tensor.Bf16;
import rwkv.engine.tensor.Tensor;
import rwkv.engine.trace.Trace;
import rwkv.engine.train.TrainingPlan.Numbers;
import rwkv.engine.train.TrainingPlan.Trained;
import rwkv.engine.train.task.Batch;

class TrainerTest {

  private static final int VOCABULARY = 61;

  private final Kernels kernels = Backends.installed().choose("cpu").open(2);

  @AfterEach
  void close() {
    kernels.close();
  }

  private static TrainingPlan plan(Numbers numbers, Trained trained) {
    return new TrainingPlan(50, 2, 3e-3, 1e-3, 0.9, 0.99, 1e-18, 0.1, 1, 1e-4, numbers, trained);
  }

  private static Map<String, Tensor> tensors(TinyVersion version, Random random) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    TinyModel.small(version).tensors(random).forEach(t -> tensors.put(t.name(), t));
    return tensors;
  }

  private static Batch batch(Random random, int sequences, int time, boolean carried) {
    int[] tokens = random.ints((long) sequences * time, 0, VOCABULARY).toArray();
    int[] targets = random.ints((long) sequences * time, -1, VOCABULARY).toArray();
    targets[0] = 0;
    return new Batch(sequences, time, tokens, targets, carried);
  }

  private static void assertSameNumbers(Trainer expected, Trainer found) {
    Map<String, Tensor> numbers = found.tensors();
    expected
        .tensors()
        .forEach((name, t) -> assertArrayEquals(t.toFloats(), numbers.get(name).toFloats(), name));
  }

  /** The versions that can be trained. */
  @ParameterizedTest
  @EnumSource(
      value = TinyVersion.class,
      names = {"V4", "V5_0", "V5_1", "V5_2", "V6", "V7"})
  void gradientsOfWholeModelsAreSlopesOfTheLoss(TinyVersion version) {
    Random random = Seeds.random("slopes of " + version);
    Parameters parameters = Parameters.of(tensors(version, random), kernels);
    Tape tape = new Tape(kernels, parameters);
    Rwkv model = tape.load(Path.of("tiny"));
    Batch batch = batch(random, 2, 19, false);
    Buffer logits = model.logits(2, 19);
    Buffer gradient = kernels.buffer(2, 19, VOCABULARY);
    State state = model.state(2);
    tape.begin();
    loss(tape, model, state, logits, gradient, batch);
    tape.backward(logits, gradient);
    for (Parameter parameter : parameters.all()) {
      float[] slopes = parameter.gradient().toArray();
      float[] before = parameter.values().toArray();
      Slope slope = null;
      // A kink or a strong curve may lie in one direction, hardly in three.
      for (int attempt = 0; attempt < 3 && (slope == null || !slope.agrees()); attempt++) {
        float[] direction = Seeds.normal(random, slopes.length, 1);
        double step = 1e-3 * norm(before, 0.3) / norm(direction, 0);
        double[] at = new double[4];
        for (int i = 0; i < 4; i++) {
          double far = step * (i < 2 ? 1 : 2) * (i % 2 == 0 ? 1 : -1);
          parameter.values().write(0, moved(before, direction, far), 0, before.length);
          tape.rest();
          at[i] = loss(tape, model, state, logits, gradient, batch);
        }
        slope = Slope.of(slopes, direction, at, step);
      }
      parameter.values().write(0, before, 0, before.length);
      assertTrue(slope.agrees(), parameter.name() + ": " + slope);
    }
  }

  /**
   * The slope of the loss in some direction.
   *
   * @param expected by the gradient
   * @param allowed what the curve adds, where steps twice as long give another slope, and rounding
   */
  private record Slope(double expected, double measured, double allowed) {

    /**
     * @param at the loss after steps of 1, -1, 2 and -2
     */
    static Slope of(float[] gradient, float[] direction, double[] at, double step) {
      double near = (at[0] - at[1]) / (2 * step);
      double far = (at[2] - at[3]) / (4 * step);
      double expected = 0;
      for (int i = 0; i < gradient.length; i++) {
        expected += (double) gradient[i] * direction[i];
      }
      double allowed = 0.02 * norm(gradient, 0) + 0.5 * Math.abs(near - far) + 2e-6 / step;
      return new Slope(expected, near + (near - far) / 3, allowed);
    }

    boolean agrees() {
      return Math.abs(expected - measured) <= allowed;
    }
  }

  private static double norm(float[] x, double least) {
    double sum = 0;
    for (float value : x) {
      sum += (double) value * value;
    }
    return Math.max(least, Math.sqrt(sum));
  }

  private static float[] moved(float[] x, float[] direction, double step) {
    float[] there = x.clone();
    for (int i = 0; i < there.length; i++) {
      there[i] += (float) (step * direction[i]);
    }
    return there;
  }

  private static double loss(
      Tape tape, Rwkv model, State state, Buffer logits, Buffer gradient, Batch batch) {
    for (int sequence = 0; sequence < batch.sequences(); sequence++) {
      state.restore(sequence, model.initial());
    }
    model.forward(logits, batch.tokens(), batch.time(), state, Trace.OFF);
    return tape.gradients().crossEntropy(gradient, tape.numbers(logits), batch.targets(), 1, 0);
  }

  @ParameterizedTest
  @EnumSource(
      value = TinyVersion.class,
      names = {"V4", "V5_2", "V6", "V7"})
  void aResumedTrainingGoesOnToTheBit(TinyVersion version, @TempDir Path folder) {
    Random random = Seeds.random("resumed " + version);
    for (Numbers numbers : Numbers.values()) {
      Trainer whole = Trainer.start(plan(numbers, Trained.ALL), tensors(version, random), kernels);
      Batch first = batch(random, 3, 17, false);
      Batch second = batch(random, 3, 17, true);
      Batch third = batch(random, 3, 17, true);
      whole.step(first);
      whole.step(second);
      Path file = folder.resolve(version + "-" + numbers + ".safetensors");
      whole.save(file);
      Trainer resumed = Trainer.resume(file, kernels);
      assertEquals(whole.step(third), resumed.step(third));
      assertEquals(3, resumed.steps());
      assertEquals(3 * 3 * 17, resumed.tokens());
      assertSameNumbers(whole, resumed);
    }
  }

  @Test
  void theNumberOfThreadsChangesNothing() {
    Random random = Seeds.random("threads");
    Map<String, Tensor> tensors = tensors(TinyVersion.V7, random);
    Batch batch = batch(random, 4, 40, false);
    Trainer two = Trainer.start(plan(Numbers.F32, Trained.ALL), tensors, kernels);
    StepReport expected = two.step(batch);
    try (Kernels single = Backends.installed().choose("cpu").open(1)) {
      Trainer one = Trainer.start(plan(Numbers.F32, Trained.ALL), tensors, single);
      assertEquals(expected, one.step(batch));
      assertSameNumbers(two, one);
    }
  }

  @Test
  void stepsLowerTheLossOfABatchThatIsSeenAgain() {
    Random random = Seeds.random("again");
    for (Numbers numbers : Numbers.values()) {
      Trainer trainer =
          Trainer.start(plan(numbers, Trained.ALL), tensors(TinyVersion.V7, random), kernels);
      Batch batch = batch(random, 2, 30, false);
      double first = trainer.step(batch).loss();
      double last = 0;
      for (int step = 0; step < 30; step++) {
        last = trainer.step(batch).loss();
      }
      assertTrue(last < 0.7 * first, first + " became " + last);
    }
  }

  @Test
  void parametersInBf16AreNumbersThatBf16Has() {
    Random random = Seeds.random("bf16");
    Trainer trainer =
        Trainer.start(plan(Numbers.BF16, Trained.ALL), tensors(TinyVersion.V6, random), kernels);
    trainer.step(batch(random, 2, 9, false));
    trainer
        .tensors()
        .values()
        .forEach(tensor -> {
          for (float x : tensor.toFloats()) {
            assertEquals(Bf16.round(x), x, tensor.name());
          }
        });
  }

  @ParameterizedTest
  @EnumSource(
      value = TinyVersion.class,
      names = {"V5_2", "V6", "V7"})
  void stateTuningLowersTheLossAndLeavesTheModelAsItIs(TinyVersion version, @TempDir Path folder) {
    Random random = Seeds.random("state tuning of " + version);
    Map<String, Tensor> tensors = tensors(version, random);
    Trainer trainer = Trainer.start(plan(Numbers.F32, Trained.STATE), tensors, kernels);
    Batch batch = batch(random, 2, 12, false);
    double first = trainer.step(batch).loss();
    trainer.step(batch);
    Path file = folder.resolve("state.safetensors");
    trainer.save(file);
    Trainer resumed = Trainer.resume(file, kernels);
    double last = 0;
    for (int step = 0; step < 20; step++) {
      last = trainer.step(batch).loss();
      assertEquals(last, resumed.step(batch).loss());
    }
    assertTrue(last < first, first + " became " + last);
    trainer
        .tensors()
        .forEach((name, t) -> assertArrayEquals(tensors.get(name).toFloats(), t.toFloats(), name));
    assertEquals(trainer.initial(), resumed.initial());
  }

  @Test
  void twoHalvesOfABatchTogetherGiveItsGradient() {
    Random random = Seeds.random("accumulation");
    Map<String, Tensor> tensors = tensors(TinyVersion.V7, random);
    int[] tokens = random.ints(40, 0, VOCABULARY).toArray();
    int[] targets = random.ints(40, 0, VOCABULARY).toArray();
    Batch whole = new Batch(2, 20, tokens, targets, false);
    Batch[] halves = new Batch[2];
    for (int i = 0; i < 2; i++) {
      halves[i] =
          new Batch(
              1,
              20,
              Arrays.copyOfRange(tokens, 20 * i, 20 * i + 20),
              Arrays.copyOfRange(targets, 20 * i, 20 * i + 20),
              false);
    }
    Trainer one = Trainer.start(plan(Numbers.F32, Trained.ALL), tensors, kernels);
    Trainer two = Trainer.start(plan(Numbers.F32, Trained.ALL), tensors, kernels);
    StepReport expected = one.step(whole);
    StepReport found = two.step(halves);
    assertEquals(expected.loss(), found.loss(), 1e-6);
    assertEquals(expected.gradientNorm(), found.gradientNorm(), 1e-4 * expected.gradientNorm());
    assertEquals(expected.tokens(), found.tokens());
  }

  @Test
  void memoryOfAStepIsUsedAgain() {
    Random random = Seeds.random("memory");
    Trainer trainer =
        Trainer.start(plan(Numbers.F32, Trained.ALL), tensors(TinyVersion.V7, random), kernels);
    trainer.step(batch(random, 2, 32, false));
    trainer.step(batch(random, 2, 32, false));
    long bytes = trainer.activationBytes();
    for (int step = 0; step < 4; step++) {
      trainer.step(batch(random, 2, 32, false));
    }
    assertEquals(bytes, trainer.activationBytes());
  }

  @Test
  void stepsOfSeveralShapesUseTheSameMemory() {
    Random random = Seeds.random("shapes");
    Trainer trainer =
        Trainer.start(plan(Numbers.F32, Trained.ALL), tensors(TinyVersion.V7, random), kernels);
    trainer.step(batch(random, 2, 32, false));
    long most = 2 * trainer.activationBytes();
    for (int step = 0; step < 12; step++) {
      trainer.step(batch(random, 1 << step % 4, 64 >> step % 4, false));
      System.gc(); // forgotten buffers are noticed then
    }
    long bytes = trainer.activationBytes();
    assertTrue(bytes < most, bytes + " bytes of " + most);
  }

  @Test
  void aStepWhoseGradientIsNoNumberIsNotTaken() {
    Random random = Seeds.random("overflow");
    Map<String, Tensor> tensors = tensors(TinyVersion.V7, random);
    Tensor head = tensors.get("head.weight");
    float[] huge = new float[(int) head.count()];
    Arrays.fill(huge, 3e38f);
    tensors.put("head.weight", Tensor.of("head.weight", head.shape(), huge));
    Trainer trainer = Trainer.start(plan(Numbers.F32, Trained.ALL), tensors, kernels);
    assertFalse(trainer.step(batch(random, 1, 8, false)).taken());
    trainer
        .tensors()
        .forEach((name, t) -> assertArrayEquals(tensors.get(name).toFloats(), t.toFloats(), name));
  }

  @Test
  void aFileThatIsNoSavedTrainingIsRefusedByName(@TempDir Path folder) throws IOException {
    Path model = TinyModel.SMALL.write(folder.resolve("model.safetensors"), new Random(1));
    var problem = assertThrows(CheckpointException.class, () -> Trainer.resume(model, kernels));
    assertTrue(problem.getMessage().contains("no saved training"), problem.getMessage());
    Random random = Seeds.random("damaged");
    Trainer trainer =
        Trainer.start(plan(Numbers.F32, Trained.ALL), tensors(TinyVersion.V7, random), kernels);
    Path saved = folder.resolve("saved.safetensors");
    trainer.save(saved);
    byte[] bytes = Files.readAllBytes(saved);
    Files.write(saved, Arrays.copyOf(bytes, bytes.length / 2));
    assertThrows(CheckpointException.class, () -> Trainer.resume(saved, kernels));
  }

  @Test
  void ofTheFourthVersionThereIsNoStateToTune() {
    Map<String, Tensor> tensors = tensors(TinyVersion.V4, Seeds.random("version 4"));
    TrainingPlan plan = plan(Numbers.F32, Trained.STATE);
    var problem =
        assertThrows(IllegalArgumentException.class, () -> Trainer.start(plan, tensors, kernels));
    assertTrue(problem.getMessage().contains("RWKV-4"), problem.getMessage());
  }
}
