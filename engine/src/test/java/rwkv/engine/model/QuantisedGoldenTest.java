package rwkv.engine.model;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.engine.Compare;
import rwkv.engine.ReferenceData;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Session;
import rwkv.engine.tensor.Tensor;

/** GGUF and rwkv.cpp files compute what exact arithmetic makes of the weights they stand for. */
class QuantisedGoldenTest {

  /** As for files that are not quantised: quantised weights are multiplied as they are. */
  private static final double LOGITS = 1e-4;

  /** A model, and the vectors beside it; rwkv.cpp computes version 5 with an epsilon of its own. */
  record Case(String model, String vectors, LoadOptions options, String backend) {
    @Override
    public String toString() {
      return model + " on " + backend;
    }
  }

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (String backend : List.of("reference", "cpu")) {
      for (String name :
          List.of(
              "gguf/tiny-rwkv-7v0-834K-f16",
              "gguf/tiny-rwkv-7v0-834K-q8_0",
              "gguf/v6-c128-l2-v256-f32",
              "gguf/v6-c128-l2-v256-q8_0",
              "gguf/v6-c128-l2-v256-rescale1-f16")) {
        cases.add(new Case(name + ".gguf", name, LoadOptions.OFFICIAL, backend));
      }
      for (String name :
          List.of("tiny/tiny-rwkv-4v0-660K-Q5_1.bin", "tiny/tiny-rwkv-7v0-834K-Q5_1.bin")) {
        cases.add(new Case(name, name, LoadOptions.OFFICIAL, backend));
      }
      String five = "tiny/tiny-rwkv-5v2-730K-Q5_0.bin";
      cases.add(new Case(five, five, LoadOptions.groupNormEps(1e-5f), backend));
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void computesTheLogitsOfItsDequantisedWeights(Case c) {
    try (Engine engine =
            Engine.open(ReferenceData.require(c.model), c.backend, 2, c.options, Progress.NONE);
        Checkpoint vectors =
            Checkpoints.open(ReferenceData.require(c.vectors + ".vectors.safetensors"))) {
      Tensor logits = vectors.tensors().get("logits_of_dequantized_weights");
      int[] tokens = Compare.ints(vectors.tensors().get("tokens"));
      Compare.close("one chunk", logits.toFloats(), engine.session().prefillAll(tokens), LOGITS, 0);
      Session session = engine.session();
      int decoded = c.backend.equals("cpu") ? tokens.length : 4;
      for (int t = 0; t < decoded; t++) {
        float[] found = session.decode(tokens[t]);
        Compare.close("token " + t, Compare.row(logits, t), found, LOGITS, 0);
      }
    }
  }
}
