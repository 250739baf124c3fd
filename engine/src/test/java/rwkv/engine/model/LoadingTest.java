package rwkv.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.engine.TinyModel;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.checkpoint.SafetensorsWriter;
import rwkv.engine.session.Engine;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/** A checkpoint that is not a model says what is wrong with which tensor. */
class LoadingTest {

  @TempDir Path folder;

  private Engine open(UnaryOperator<List<Tensor>> change) {
    List<Tensor> tensors = new ArrayList<>(TinyModel.SMALL.tensors(new Random(1)));
    Path file = folder.resolve("model.safetensors");
    SafetensorsWriter.write(file, change.apply(tensors), Map.of());
    return Engine.open(file, "cpu", 1, Progress.NONE);
  }

  private void refused(UnaryOperator<List<Tensor>> change, String... words) {
    CheckpointException problem =
        assertThrows(CheckpointException.class, () -> open(change).close());
    for (String word : words) {
      assertTrue(problem.getMessage().contains(word), problem.getMessage());
    }
    assertTrue(problem.getMessage().contains("model.safetensors"), problem.getMessage());
  }

  private static UnaryOperator<List<Tensor>> replace(String name, Tensor by) {
    return tensors -> {
      tensors.replaceAll(tensor -> tensor.name().equals(name) ? by : tensor);
      return tensors;
    };
  }

  @Test
  void sizesAndRanksComeFromTheTensors() {
    try (Engine engine = open(UnaryOperator.identity())) {
      ModelSpec spec = engine.spec();
      assertEquals(Version.V7, spec.version());
      assertEquals(24, spec.channels());
      assertEquals(3, spec.heads());
      assertEquals(8, spec.headSize());
      assertEquals(56, spec.ffnChannels());
      assertEquals(61, spec.vocabulary());
      assertEquals(Map.of("w", 5, "a", 7, "g", 3, "v", 9), spec.ranks());
      assertEquals(2 * (24 + 3 * 64 + 24) * 4, spec.stateBytes());
      assertEquals(2L * 2 * 24 * 1000 * 2, spec.transformerCacheBytes(1000));
      assertTrue(engine.model().weightBytesPerToken() < spec.weightBytes());
    }
  }

  @Test
  void aMissingTensorIsNamed() {
    String name = "blocks.1.att.key.weight";
    refused(
        tensors -> {
          tensors.removeIf(tensor -> tensor.name().equals(name));
          return tensors;
        },
        name,
        "missing");
  }

  @Test
  void aWrongShapeIsNamedWithWhatWasExpected() {
    String name = "blocks.0.ffn.value.weight";
    Tensor transposed = Tensor.of(name, Shape.of(56, 24), new float[24 * 56]);
    refused(replace(name, transposed), name, "[56,24]", "[24,56]");
    Tensor vector = Tensor.of("blocks.0.att.x_w", Shape.of(1, 1, 25), new float[25]);
    refused(replace("blocks.0.att.x_w", vector), "blocks.0.att.x_w", "[1,1,25]", "24");
    Tensor heads = Tensor.of("blocks.0.att.r_k", Shape.of(5, 5), new float[25]);
    refused(replace("blocks.0.att.r_k", heads), "blocks.0.att.r_k", "[5,5]", "24");
  }

  @Test
  void aWeightThatIsNotANumberIsNamed() {
    float[] values = new float[24];
    values[17] = Float.NaN;
    Tensor bad = Tensor.of("blocks.1.ln2.bias", Shape.of(24), values);
    refused(replace("blocks.1.ln2.bias", bad), "blocks.1.ln2.bias", "17");
  }

  @Test
  void anIntegerTensorIsRefused() {
    Tensor ints = Tensor.of("head.weight", new int[61 * 24]).reshaped(Shape.of(61, 24));
    refused(replace("head.weight", ints), "head.weight", "I32");
  }

  @Test
  void aTensorNobodyKnowsIsRefusedByName() {
    refused(
        tensors -> {
          tensors.add(Tensor.of("blocks.0.att.tiny_q", Shape.of(2), 1, 2));
          return tensors;
        },
        "blocks.0.att.tiny_q");
  }

  @Test
  void unusedValueResidualTensorsOfLayerZeroAreAccepted() {
    UnaryOperator<List<Tensor>> change =
        tensors -> {
          tensors.add(Tensor.of("blocks.0.att.v0", Shape.of(1, 1, 24), new float[24]));
          return tensors;
        };
    open(change).close();
  }

  @Test
  void whatIsNoModelIsRefused() {
    refused(_ -> List.of(Tensor.of("model.wte", Shape.of(2), 1, 2)), "emb.weight");
    refused(_ -> List.of(Tensor.of("emb.weight", Shape.of(1, 1), 1)), "no known version");
  }

  @Test
  void aFileConvertedForAnotherProgramIsRefused() {
    Path file = folder.resolve("converted.safetensors");
    SafetensorsWriter.write(
        file, TinyModel.SMALL.tensors(new Random(1)), Map.of("_strategy", "cuda fp16"));
    CheckpointException problem =
        assertThrows(
            CheckpointException.class, () -> Engine.open(file, "cpu", 1, Progress.NONE).close());
    assertTrue(problem.getMessage().contains("_strategy"), problem.getMessage());
  }

  @Test
  void anAbsurdLayerNumberIsRefusedWithoutAllocating() {
    refused(
        tensors -> {
          tensors.add(Tensor.of("blocks.99999.ln1.weight", Shape.of(1), 1));
          return tensors;
        },
        "blocks.99999");
  }

  @Test
  void loadingCanBeCancelled() {
    Path file = TinyModel.SMALL.write(folder.resolve("m.safetensors"), new Random(1));
    assertThrows(
        CancellationException.class,
        () ->
            Engine.open(
                file,
                "cpu",
                1,
                done -> {
                  if (done > 0.5) {
                    throw new CancellationException();
                  }
                }));
  }

  @Test
  void aGapInTheLayersIsNamed() {
    refused(
        tensors -> {
          tensors.add(Tensor.of("blocks.4.ln1.weight", Shape.of(24), new float[24]));
          return tensors;
        },
        "block 4",
        "no block 2");
    refused(
        tensors -> {
          tensors.add(Tensor.of("blocks.01.ln1.weight", Shape.of(24), new float[24]));
          return tensors;
        },
        "blocks.01.ln1.weight");
  }

  @Test
  void aTimeStateInTheCheckpointIsTheInitialState() {
    float[] numbers = new float[3 * 8 * 8];
    numbers[70] = 2.5f;
    UnaryOperator<List<Tensor>> change =
        tensors -> {
          for (int layer = 0; layer < 2; layer++) {
            String name = "blocks." + layer + ".att.time_state";
            tensors.add(Tensor.of(name, Shape.of(3, 8, 8), numbers));
          }
          return tensors;
        };
    try (Engine engine = open(change)) {
      assertEquals(2.5f, engine.session().snapshot().values(1, 1)[70]);
    }
  }
}
