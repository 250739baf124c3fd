package rwkv.engine.naming;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rwkv.engine.checkpoint.Checkpoint;

/**
 * A file's tensors under official names.
 *
 * @param checkpoint the file
 * @param parts by official name, in the order of the file; what has no official name stands under
 *     the file's own
 */
public record OfficialTensors(Checkpoint checkpoint, Map<String, Part> parts) {

  private static final List<Dialect> DIALECTS =
      List.of(
          new GgufNames(),
          new RwkvCppNames(),
          new HuggingFaceNames(),
          new RosaDemoNames(),
          new WebRwkvNames());

  public OfficialTensors {
    parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
  }

  /**
   * Recognises what names the file uses, by the names and by the kind of file.
   *
   * @throws rwkv.engine.checkpoint.CheckpointException if a tensor that must be taken apart has not
   *     the shape for it, two tensors stand for the same official one, or the file is of a kind
   *     whose names are known not to be understood
   */
  public static OfficialTensors of(Checkpoint checkpoint) {
    for (Dialect dialect : DIALECTS) {
      if (dialect.isSpokenBy(checkpoint)) {
        return new OfficialTensors(checkpoint, dialect.parts(checkpoint));
      }
    }
    Map<String, Part> parts = new LinkedHashMap<>();
    checkpoint.tensors().forEach((name, tensor) -> parts.put(name, Part.official(tensor)));
    return new OfficialTensors(checkpoint, parts);
  }
}
