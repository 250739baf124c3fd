package rwkv.engine.naming;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.tensor.Shape;

/**
 * GGUF files as llama.cpp's converter writes them: see {@link LlamaArchitecture}. The bonus of
 * every head is stored flat; RWKV-6's {@code output} and {@code value} are halved once for every
 * {@code rescale_every_n_layers} layers below them.
 */
final class GgufNames implements Dialect {

  private static final Pattern BONUS = Pattern.compile("blocks\\.\\d+\\.att\\.(r_k|time_faaaa)");
  private static final Pattern HALVED =
      Pattern.compile("blocks\\.(\\d+)\\.(att\\.output|ffn\\.value)\\.weight");

  @Override
  public boolean isSpokenBy(Checkpoint checkpoint) {
    return checkpoint.metadata().containsKey(GgufFacts.ARCHITECTURE)
        || checkpoint.format().equals("GGUF");
  }

  @Override
  public Map<String, Part> parts(Checkpoint checkpoint) {
    GgufFacts facts = GgufFacts.of(checkpoint);
    Map<String, Part> parts = facts.architecture().renaming().apply(checkpoint);
    parts.replaceAll((name, part) -> adapted(facts, name, part));
    return parts;
  }

  private static Part adapted(GgufFacts facts, String name, Part part) {
    Matcher halved = HALVED.matcher(name);
    if (facts.rescale() > 0 && halved.matches()) {
      int halvings = Integer.parseInt(halved.group(1)) / facts.rescale();
      return new Part(part.tensor(), part.swapped(), part.form(), halvings);
    }
    long count = part.tensor().count();
    if (BONUS.matcher(name).matches() && count % facts.headSize() == 0) {
      return part.reshaped(Shape.of(count / facts.headSize(), facts.headSize()));
    }
    return part;
  }
}
