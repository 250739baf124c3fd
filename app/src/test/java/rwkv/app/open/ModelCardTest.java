package rwkv.app.open;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import rwkv.app.open.ModelCard.Fact;

class ModelCardTest {

  private final FakeModel model = new FakeModel(Path.of("/models/tiny/model.safetensors"));

  @Test
  void theSummaryIsOneLine() {
    assertEquals(
        "RWKV-7 · 2 layers · 2 heads · 1.02 M · bf16 · CPU, 2 threads", ModelCard.summary(model));
    assertEquals("tiny", model.name());
  }

  @Test
  void everyFactIsThere() {
    Map<String, Fact> facts =
        ModelCard.of(model, null, null).stream()
            .flatMap(section -> section.facts().stream())
            .collect(Collectors.toMap(Fact::label, fact -> fact));
    assertEquals("RWKV-7", facts.get("Version").value());
    assertEquals("w 1, a 2, v 3, g 4", facts.get("Low-rank projections").value());
    assertEquals("1.02 M", facts.get("Parameters").value());
    assertTrue(facts.get("Parameters").note().startsWith("1\u202F024\u202F000"));
    assertEquals("384 B", facts.get("State").value());
    // 2 · layers · channels · tokens · 2 bytes.
    assertEquals("64.0 kB", facts.get("A transformer's KV cache at 1k tokens").value());
    assertEquals("6.40 MB", facts.get("A transformer's KV cache at 100k tokens").value());
    assertEquals("none", facts.get("Tokenizer").value());
    assertEquals("1.23 MB", facts.get("File size").value());
    assertEquals("CPU, 2 threads", facts.get("Device").value());
  }
}
