package rwkv.engine.model;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.engine.Compare;
import rwkv.engine.check.GoldenModel;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Session;
import rwkv.engine.tensor.Tensor;

/** GGUF and rwkv.cpp files compute what exact arithmetic makes of the weights they stand for. */
class QuantisedGoldenTest {

  static Stream<GoldenCase> cases() {
    return GoldenCase.on(GoldenModel.quantised());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void computesTheLogitsOfItsDequantisedWeights(GoldenCase c) {
    double tolerance = c.golden().tolerance();
    try (Engine engine = c.open();
        Checkpoint vectors = c.openVectors()) {
      Tensor logits = vectors.tensors().get(c.logits());
      int[] tokens = Compare.ints(vectors.tensors().get("tokens"));
      float[] all = engine.session().prefillAll(tokens);
      Compare.close("one chunk", logits.toFloats(), all, tolerance, 0);
      Session session = engine.session();
      int decoded = c.backend().equals("cpu") ? tokens.length : 4;
      for (int t = 0; t < decoded; t++) {
        float[] found = session.decode(tokens[t]);
        Compare.close("token " + t, Compare.row(logits, t), found, tolerance, 0);
      }
    }
  }
}
