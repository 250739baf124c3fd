package rwkv.engine.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rwkv.engine.convert.StoredAs;
import rwkv.engine.model.LoadOptions;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Engine;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Tensor;

/** What storing a model's matrices in another type does to it. */
class QualityTest {

  private static final ModelShape SHAPE = new ModelShape(2, 128, 64, 61);

  private final Engine engine =
      Engine.open(
          RandomModel.official(SHAPE, DType.BF16, 1),
          "cpu",
          2,
          LoadOptions.OFFICIAL,
          Progress.NONE);

  @AfterEach
  void close() {
    engine.close();
  }

  private Quality quality(DType dtype) {
    int[] text = Quality.ownText(engine, 70, 1);
    return Quality.of(engine, dtype, "cpu", 2, text, Progress.NONE);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16"})
  void typesThatHoldTheWeightsChangeNothing(DType dtype) {
    Quality quality = quality(dtype);
    assertEquals(70, quality.tokens());
    assertEquals(0, quality.divergence(), 1e-9);
    assertEquals(1, quality.agreement());
  }

  @Test
  void fewerBitsPredictWorse() {
    Quality eight = quality(DType.Q8_0);
    Quality four = quality(DType.Q4_0);
    assertTrue(eight.divergence() > 0, eight::toString);
    assertTrue(four.divergence() > 5 * eight.divergence(), () -> eight + " " + four);
    assertTrue(four.bytesPerToken() < eight.bytesPerToken(), () -> eight + " " + four);
    assertTrue(eight.agreement() <= 1 && eight.agreement() >= four.agreement(), eight::toString);
  }

  @Test
  void textsOfOneSeedAreTheSame() {
    int[] text = Quality.ownText(engine, 40, 5);
    assertArrayEquals(text, Quality.ownText(engine, 40, 5));
    assertNotEquals(1, Arrays.stream(text).distinct().count());
  }

  @Test
  void matricesAloneAreStoredOtherwise() {
    try (StoredAs stored = StoredAs.of(engine.checkpoint(), DType.Q4_0, Progress.NONE)) {
      assertEquals(DType.Q4_0, type(stored, "emb.weight"));
      assertEquals(DType.Q4_0, type(stored, "blocks.1.ffn.value.weight"));
      assertEquals(DType.Q8_0, type(stored, "head.weight"));
      assertEquals(DType.BF16, type(stored, "blocks.1.att.w1"));
      assertEquals(DType.BF16, type(stored, "blocks.1.ln1.weight"));
      assertEquals(engine.checkpoint().tensors().keySet(), stored.tensors().keySet());
    }
  }

  private static DType type(StoredAs stored, String name) {
    Tensor tensor = stored.tensors().get(name);
    return tensor.dtype();
  }
}
