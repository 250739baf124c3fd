package rwkv.probes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Engine;
import rwkv.engine.train.task.Vocabulary;
import rwkv.plugin.Probe;
import rwkv.plugin.ProbeResult;
import rwkv.plugin.TestRun;
import rwkv.plugin.Tokenizer;

/** The models that come with the program. */
final class SampleModel {

  private SampleModel() {}

  private static Path file(String name) {
    return Stream.iterate(Path.of("").toAbsolutePath(), above -> above != null, Path::getParent)
        .map(above -> above.resolve("sample-models"))
        .filter(Files::isDirectory)
        .findFirst()
        .orElseThrow()
        .resolve(name);
  }

  static Engine open(String name) {
    return Engine.open(file(name), "cpu", 2, Progress.NONE);
  }

  /** Asks in the words of the task that the model was taught. */
  static ProbeResult run(Probe probe, Engine engine, Vocabulary words, Map<String, ?> parameters) {
    return probe.run(TestRun.of(probe, engine, new Words(words), parameters, 11));
  }

  private record Words(Vocabulary words) implements Tokenizer {
    @Override
    public String name() {
      return "words";
    }

    @Override
    public int vocabularySize() {
      return words.size();
    }

    @Override
    public int[] encode(String text) {
      return words.encode(text);
    }

    @Override
    public byte[] bytes(int token) {
      return token < 0 || token >= words.size() ? new byte[0] : words.bytes(token);
    }
  }
}
