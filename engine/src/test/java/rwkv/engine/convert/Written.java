package rwkv.engine.convert;

import static rwkv.engine.tensor.DType.BF16;
import static rwkv.engine.tensor.DType.F16;
import static rwkv.engine.tensor.DType.F32;
import static rwkv.engine.tensor.DType.Q4_0;
import static rwkv.engine.tensor.DType.Q4_1;
import static rwkv.engine.tensor.DType.Q4_K;
import static rwkv.engine.tensor.DType.Q5_0;
import static rwkv.engine.tensor.DType.Q5_1;
import static rwkv.engine.tensor.DType.Q5_K;
import static rwkv.engine.tensor.DType.Q6_K;
import static rwkv.engine.tensor.DType.Q8_0;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import rwkv.engine.TinyVersion;
import rwkv.engine.checkpoint.ModelFiles;
import rwkv.engine.checkpoint.SafetensorsWriter;
import rwkv.engine.model.Progress;
import rwkv.engine.naming.Dialects;
import rwkv.engine.session.Engine;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Tensor;

/** A way in which files hold models. */
enum Written {
  PTH(".pth", EnumSet.allOf(TinyVersion.class), EnumSet.of(F32, F16, BF16)),
  SAFETENSORS(".safetensors", EnumSet.allOf(TinyVersion.class), EnumSet.of(F32, F16, BF16)),
  SHARDED(
      ".safetensors with an index", EnumSet.allOf(TinyVersion.class), EnumSet.of(F32, F16, BF16)),
  HUGGING_FACE(
      ".safetensors, Hugging Face names",
      EnumSet.allOf(TinyVersion.class),
      EnumSet.of(F32, F16, BF16)),
  FLA(
      ".safetensors, flash-linear-attention names",
      EnumSet.of(TinyVersion.V7),
      EnumSet.of(F32, F16, BF16)),
  WEB_RWKV(
      ".st of web-rwkv",
      EnumSet.of(TinyVersion.V4, TinyVersion.V5_2, TinyVersion.V6, TinyVersion.V7),
      EnumSet.of(F16)),
  RWKV_CPP(
      ".bin of rwkv.cpp",
      EnumSet.allOf(TinyVersion.class),
      EnumSet.of(F32, F16, Q8_0, Q5_1, Q5_0, Q4_1, Q4_0)),
  GGUF(
      ".gguf",
      EnumSet.of(TinyVersion.V6, TinyVersion.V7),
      EnumSet.of(F32, F16, BF16, Q8_0, Q6_K, Q5_K, Q5_1, Q5_0, Q4_K, Q4_1, Q4_0));

  private final String title;
  private final Set<TinyVersion> versions;
  private final Set<DType> types;

  Written(String title, Set<TinyVersion> versions, Set<DType> types) {
    this.title = title;
    this.versions = versions;
    this.types = types;
  }

  /** For a person. */
  String title() {
    return title;
  }

  Set<TinyVersion> versions() {
    return versions;
  }

  Set<DType> types() {
    return types;
  }

  /**
   * Writes a model.
   *
   * @param official f32, every number one that {@code dtype} holds where it is not quantised
   * @return what is to be opened
   */
  Path write(Path folder, List<Tensor> official, DType dtype) {
    return switch (this) {
      case PTH -> ModelFiles.pth(folder.resolve("model.pth"), Encoded.as(dtype, official));
      case SAFETENSORS -> safetensors(folder, Encoded.as(dtype, official));
      case SHARDED -> sharded(folder, Encoded.as(dtype, official));
      case HUGGING_FACE -> safetensors(folder, Encoded.as(dtype, Dialects.huggingFace(official)));
      case FLA -> safetensors(folder, Encoded.as(dtype, Dialects.fla(official)));
      case WEB_RWKV -> safetensors(folder, Encoded.as(dtype, Dialects.webRwkv(official)));
      case RWKV_CPP -> rwkvCpp(folder, official, dtype);
      case GGUF -> gguf(folder, official, dtype);
    };
  }

  private static Path safetensors(Path folder, List<Tensor> tensors) {
    Path file = folder.resolve("stored.safetensors");
    SafetensorsWriter.write(file, tensors, Map.of());
    return file;
  }

  private static Path sharded(Path folder, List<Tensor> tensors) {
    int half = tensors.size() / 2;
    List<String> names = List.of("model-00001-of-00002", "model-00002-of-00002");
    List<List<Tensor>> parts =
        List.of(tensors.subList(0, half), tensors.subList(half, tensors.size()));
    StringBuilder index = new StringBuilder("{\"metadata\":{},\"weight_map\":{");
    for (int i = 0; i < 2; i++) {
      String file = names.get(i) + ".safetensors";
      SafetensorsWriter.write(folder.resolve(file), parts.get(i), Map.of());
      index.append(i == 0 ? "" : ",");
      index.append(
          parts.get(i).stream()
              .map(tensor -> "\"" + tensor.name() + "\":\"" + file + "\"")
              .collect(Collectors.joining(",")));
    }
    try {
      return Files.writeString(folder.resolve("model.safetensors.index.json"), index.append("}}"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Quantised files of rwkv.cpp keep the embedding, the head and all that is small. */
  private static Path rwkvCpp(Path folder, List<Tensor> official, DType dtype) {
    List<Tensor> stored =
        Dialects.rwkvCpp(official).stream()
            .map(tensor -> {
              String name = tensor.name();
              boolean small =
                  tensor.shape().rank() < 2
                      || name.contains("time_")
                      || name.matches(".*\\.(x_.*|[wav]0|[kr]_[ka]|r_k)");
              boolean kept = dtype.isQuantised() && !name.matches(".*(att|ffn)\\.[a-z]+\\.weight");
              return Encoded.as(small || kept ? F32 : dtype, tensor);
            })
            .toList();
    return ModelFiles.rwkvCpp(folder.resolve("model.bin"), stored, dtype);
  }

  private static Path gguf(Path folder, List<Tensor> official, DType dtype) {
    Path original = folder.resolve("original.safetensors");
    SafetensorsWriter.write(original, official, Map.of());
    Path file = folder.resolve("model.gguf");
    try (Engine engine = Engine.open(original, "reference", 1, Progress.NONE)) {
      Conversion wanted = new Conversion(file, FileFormat.GGUF, dtype, null);
      Converter.convert(engine.checkpoint(), engine.spec(), wanted, Progress.NONE);
    }
    return file;
  }
}
