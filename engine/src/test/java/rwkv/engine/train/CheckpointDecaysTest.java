package rwkv.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rwkv.engine.bench.ModelShape;
import rwkv.engine.bench.RandomModel;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.model.LoadOptions;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Version;
import rwkv.engine.session.Engine;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

class CheckpointDecaysTest {

  private static final ModelShape SIZES = new ModelShape(2, 32, 16, 40);
  private static final DecayShape SHAPE = new DecayShape(Version.V7, 2, 32, 16);

  private static RandomModel model() {
    return RandomModel.official(SIZES, DType.BF16, 7);
  }

  /** A file of an old version with decays as rwkv.cpp keeps them. */
  private record Old(String format, Map<String, Tensor> tensors) implements Checkpoint {
    @Override
    public Path path() {
      return Path.of("old.bin");
    }

    @Override
    public Map<String, String> metadata() {
      return Map.of();
    }

    @Override
    public void close() {}
  }

  @Test
  void readsWhatTheFileHolds() {
    try (RandomModel model = model()) {
      DecayCurve curve = CheckpointDecays.read(model, SHAPE);
      Tensor w0 = model.tensors().get("blocks.1.att.w0");
      for (int i = 0; i < 32; i++) {
        assertEquals(w0.get(i), curve.raw(1, i));
      }
    }
  }

  @Test
  void onlyChangedLayersGetAnotherTensor() {
    try (RandomModel model = model()) {
      DecayCurve before = CheckpointDecays.read(model, SHAPE);
      DecayCurve after =
          before.with(1, new DecayFormula.LogUniform(2, 1000).raw(1, before.shape()));
      Checkpoint changed = CheckpointDecays.replaced(model, after);
      assertSame(model.tensors().get("blocks.0.att.w0"), changed.tensors().get("blocks.0.att.w0"));
      assertEquals(
          model.tensors().get("blocks.1.att.w0").shape(),
          changed.tensors().get("blocks.1.att.w0").shape());
      assertArrayEquals(
          after.halfLives(1), CheckpointDecays.read(changed, SHAPE).halfLives(1), 1e-3);
      assertEquals(
          model.tensors().keySet().stream().toList(), changed.tensors().keySet().stream().toList());
    }
  }

  @Test
  void theChangedModelRunsAndSaysSomethingElse() {
    float[] original = logits(model());
    RandomModel source = model();
    DecayCurve constant = new DecayFormula.Constant(3).curve(SHAPE);
    float[] changed = logits(CheckpointDecays.replaced(source, constant));
    assertNotEquals(original[5], changed[5]);
    RandomModel again = model();
    DecayCurve same = CheckpointDecays.read(again, SHAPE);
    assertArrayEquals(original, logits(CheckpointDecays.replaced(again, same)));
  }

  private static float[] logits(Checkpoint checkpoint) {
    try (Engine engine = Engine.open(checkpoint, "cpu", 1, LoadOptions.OFFICIAL, Progress.NONE)) {
      return engine.session().prefill(new int[] {1, 2, 3, 4, 5}, 8, Progress.NONE).clone();
    }
  }

  @Test
  void decaysThatAFileKeepsDoneAreUndoneAndDoneAgain() {
    double x = -3;
    Tensor stored =
        Tensor.of("blocks.0.att.time_decay", Shape.of(2), (float) -Math.exp(x), (float) -1e-30);
    Checkpoint old = new Old("rwkv.cpp .bin", Map.of("blocks.0.att.time_decay", stored));
    DecayShape shape = new DecayShape(Version.V4, 1, 2, 2);
    DecayCurve curve = CheckpointDecays.read(old, shape);
    assertEquals(x, curve.raw(0, 0), 1e-6);
    DecayCurve moved = curve.with(0, new double[] {-1, -2});
    Tensor changed = CheckpointDecays.replaced(old, moved).tensors().get("blocks.0.att.time_decay");
    assertEquals(-Math.exp(-1), changed.get(0), 1e-6);
    assertEquals(-Math.exp(-2), changed.get(1), 1e-6);
  }

  @Test
  void aCurveOfAnotherSizeIsRefused() {
    try (RandomModel model = model()) {
      DecayShape wide = new DecayShape(Version.V7, 2, 48, 16);
      assertThrows(CheckpointException.class, () -> CheckpointDecays.read(model, wide));
      DecayCurve flat = new DecayFormula.Constant(3).curve(new DecayShape(Version.V7, 1, 32, 16));
      assertThrows(IllegalArgumentException.class, () -> CheckpointDecays.replaced(model, flat));
    }
  }
}
