package rwkv.engine.convert;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.Version;

/**
 * How many channels make a symbol of RWKV-8's ROSA: tensors do not say it, and the name that did
 * may not be that of the new file.
 */
final class RosaBits {

  /** What loading looks for beside the tensors. */
  private static final String ENTRY = "rosa_bits";

  private RosaBits() {}

  /** The entry for the new file; empty where the old one says nothing of it. */
  static Map<String, String> entry(Checkpoint checkpoint, ModelSpec spec) {
    if (spec.version() != Version.V8_ROSA && spec.version() != Version.V8_ROSA_7) {
      return Map.of();
    }
    String said = checkpoint.metadata().get(ENTRY);
    if (said != null) {
      return Map.of(ENTRY, said);
    }
    Path file = checkpoint.path().getFileName();
    for (String name : List.of(checkpoint.savedAs(), String.valueOf(file))) {
      String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
      boolean one = plain.contains("rosa1bit");
      if (one != plain.contains("rosa4bit")) {
        return Map.of(ENTRY, one ? "1" : "4");
      }
    }
    return Map.of();
  }
}
