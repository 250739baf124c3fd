package rwkv.engine.convert;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.naming.LlamaArchitecture;
import rwkv.engine.naming.LlamaName;
import rwkv.engine.naming.OfficialTensors;
import rwkv.engine.naming.Part;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;

/** A model's tensors as llama.cpp wants them in a GGUF file. */
final class GgufLayout {

  /** Official names of tensors that are matrices in every model. */
  private static final Pattern MATRIX =
      Pattern.compile("(?:emb|head|att\\.[a-z]+|ffn\\.[a-z]+)\\.weight|att\\.time_faaaa");

  private final OfficialTensors official;
  private final LlamaArchitecture architecture;
  private final ModelSpec spec;
  private final DType dtype;
  private final List<TargetTensor> tensors = new ArrayList<>();
  private final Set<String> used = new HashSet<>();

  private GgufLayout(
      OfficialTensors official, LlamaArchitecture architecture, ModelSpec spec, DType dtype) {
    this.official = official;
    this.architecture = architecture;
    this.spec = spec;
    this.dtype = dtype;
  }

  /**
   * The tensors of the new file.
   *
   * @param dtype what matrices are wanted in
   * @throws CheckpointException if the model has tensors that llama.cpp's architecture has no place
   *     for, or low-rank matrices of different ranks in its layers
   */
  static List<TargetTensor> tensors(
      OfficialTensors official, LlamaArchitecture architecture, ModelSpec spec, DType dtype) {
    return new GgufLayout(official, architecture, spec, dtype).all();
  }

  private List<TargetTensor> all() {
    architecture.outsideBlocks().forEach(name -> add(name.file(), name, ""));
    for (int layer = 0; layer < spec.layers(); layer++) {
      String official = "blocks." + layer + ".";
      for (LlamaName name : architecture.inBlocks()) {
        boolean residual = name.official().getFirst().matches("att\\.v[012]");
        if (residual && layer == 0) {
          addUnused(name);
        } else {
          add("blk." + layer + "." + name.file(), name, official);
          checkRank(name, layer, residual ? 1 : 0);
        }
      }
    }
    refuseUnplaced();
    return tensors;
  }

  private void add(String file, LlamaName name, String block) {
    List<String> names = name.official().stream().map(block::concat).toList();
    List<Part> parts = names.stream().map(this::part).toList();
    used.addAll(names);
    Part part = parts.getFirst();
    Shape shape = shape(name, part.shape());
    Numbers numbers =
        parts.size() > 1 ? OfficialNumbers.joined(parts) : OfficialNumbers.of(part, name.swapped());
    DType type = GgufTypes.of(file, shape, dtype);
    tensors.add(new TargetTensor(file, part.tensor().name(), type, shape, numbers));
  }

  private static Shape shape(LlamaName name, Shape official) {
    int slices = name.official().size();
    if (slices > 1) {
      return Shape.of(slices, 1, 1, official.count());
    }
    if (!name.swapped() && !MATRIX.matcher(name.official().getFirst()).matches()) {
      return Shape.of(official.count());
    }
    List<Long> sizes = new ArrayList<>(official.sizes());
    if (name.swapped()) {
      sizes.add(sizes.size() - 2, sizes.removeLast());
    }
    return new Shape(sizes);
  }

  /** llama.cpp wants a value residual in block 0 too, shaped like the in-context learning rate. */
  private void addUnused(LlamaName name) {
    String rate = name.file().replace("time_mix_v", "time_mix_a");
    LlamaName like =
        architecture.inBlocks().stream()
            .filter(other -> other.file().equals(rate))
            .findFirst()
            .orElseThrow();
    used.add("blocks.0." + name.official().getFirst());
    add("blk.0." + name.file(), like, "blocks.0.");
  }

  /** llama.cpp knows one rank of a kind for all layers. */
  private void checkRank(LlamaName name, int layer, int first) {
    String own = name.official().getFirst();
    if (name.swapped() && layer > first) {
      Part part = part("blocks." + layer + "." + own);
      Part other = part("blocks." + first + "." + own);
      if (!part.shape().equals(other.shape())) {
        throw new CheckpointException(
            official.checkpoint().path(),
            "tensors %s %s and %s %s have different ranks, which llama.cpp's %s cannot have"
                .formatted(
                    other.tensor().name(),
                    other.shape(),
                    part.tensor().name(),
                    part.shape(),
                    architecture.id()));
      }
    }
  }

  private Part part(String name) {
    Part part = official.parts().get(name);
    if (part == null) {
      throw new CheckpointException(official.checkpoint().path(), "tensor " + name + " is missing");
    }
    return part;
  }

  private void refuseUnplaced() {
    for (Map.Entry<String, Part> entry : official.parts().entrySet()) {
      if (!used.contains(entry.getKey())) {
        throw new CheckpointException(
            official.checkpoint().path(),
            "tensor %s has no place in a GGUF file of %s; write .safetensors instead"
                .formatted(entry.getValue().tensor().name(), architecture.id()));
      }
    }
  }
}
