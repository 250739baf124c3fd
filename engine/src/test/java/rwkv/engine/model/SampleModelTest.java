package rwkv.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.engine.Compare;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.sampling.Sampler;
import rwkv.engine.sampling.SamplerSettings;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Session;

/** The sample model must give what the program that trained it gives, on every backend. */
class SampleModelTest {

  /** Both sides compute in f32 from the same bf16 weights. */
  private static final double TOLERANCE = 1e-4;

  private static Path folder() {
    Path start = Path.of(System.getProperty("user.dir")).toAbsolutePath();
    return Stream.iterate(start, above -> above != null, Path::getParent)
        .map(above -> above.resolve("sample-models/stories-v7"))
        .filter(Files::isDirectory)
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "cpu"})
  void itComputesWhatTheTrainingProgramComputed(String backend) {
    try (Engine engine =
            Engine.open(folder().resolve("stories-v7.pth"), backend, 2, Progress.NONE);
        Checkpoint file = Checkpoints.open(folder().resolve("stories-v7.vectors.safetensors"))) {
      int[] tokens = Compare.ints(file.tensors().get("tokens"));
      Session session = engine.session();
      for (int t = 0; t < tokens.length; t++) {
        float[] wanted = Compare.row(file.tensors().get("logits"), t);
        Compare.close("logits " + t, wanted, session.decode(tokens[t]), TOLERANCE, TOLERANCE);
      }
      StateSnapshot state = session.snapshot();
      for (int layer = 0; layer < state.layers(); layer++) {
        for (int p = 0; p < state.parts().size(); p++) {
          String part = state.parts().get(p).name();
          String name = "state." + tokens.length + "." + layer + "." + part;
          float[] wanted = file.tensors().get(name).toFloats();
          Compare.close(name, wanted, state.values(layer, p), TOLERANCE, TOLERANCE);
        }
      }
      int[] greedy = Compare.ints(file.tensors().get("greedy"));
      assertTrue(greedy.length > 0);
      Sampler sampler = new Sampler(SamplerSettings.GREEDY);
      for (int i = 0; i < greedy.length; i++) {
        assertEquals(greedy[i], sampler.next(session.logits(), session.position()));
        session.decode(greedy[i]);
      }
    }
  }
}
