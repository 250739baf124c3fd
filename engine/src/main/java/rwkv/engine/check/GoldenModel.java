package rwkv.engine.check;

import java.util.ArrayList;
import java.util.List;
import rwkv.engine.model.LoadOptions;

/**
 * A reference model and where the numbers stand that it must give.
 *
 * @param model its file, below the folder of reference data
 * @param vectors the file of the numbers, without {@code .vectors.safetensors}
 * @param initial the file of the state it starts from, or ""
 * @param logits the tensor of the expected logits, {@code [positions, vocabulary]}
 * @param options to load it with
 * @param tolerance of logits, absolute
 */
public record GoldenModel(
    String model,
    String vectors,
    String initial,
    String logits,
    LoadOptions options,
    double tolerance) {

  /** The tolerance the reference data asks for in f32; logits have a deviation of 2. */
  private static final double F32 = 1e-4;

  /** Logits of trained models are spread about five times as wide. */
  private static final double WIDE = 5e-4;

  /** The expected logits of vectors that hold states, intermediates and greedy tokens too. */
  private static final String LOGITS = "logits";

  private static final String DEQUANTISED = "logits_of_dequantized_weights";

  /** A model under the name of its vectors. */
  private static GoldenModel of(String name, String extension) {
    return started(name + extension, name, "");
  }

  private static GoldenModel started(String model, String vectors, String initial) {
    return new GoldenModel(model, vectors, initial, LOGITS, LoadOptions.OFFICIAL, F32);
  }

  /** An RWKV-5 with the group norm's epsilon that rwkv.cpp takes. */
  private static GoldenModel otherEpsilon(String name, String extension) {
    LoadOptions options = LoadOptions.groupNormEps(1e-5f);
    return new GoldenModel(name + extension, name, "", "logits_ln_x_eps_1e-5", options, F32);
  }

  /** Checkpoints of versions 4 to 7b, and what the public code computes from them. */
  public static List<GoldenModel> official() {
    return List.of(
        of("v4/v4-c128-l2-v256-bf16", ".pth"),
        of("v4/v4-c96-l2-v300-fp16", ".pth"),
        of("v4/v4-c80-l2-v300-fp32", ".pth"),
        of("tiny/tiny-rwkv-4v0-660K-fp32", ".pth"),
        of("v5.0/v5.0-c128-l2-v256-bf16", ".pth"),
        of("v5.0/v5.0r2-c128-l2-v256-faaaa-bf16", ".pth"),
        of("v5.1/v5.1-c192-l2-v256-bf16", ".pth"),
        of("v5.2/v5.2-c128-l2-v256-bf16", ".pth"),
        of("v5.2/v5.2-c128-l2-v300-fp32", ".pth"),
        of("tiny/tiny-rwkv-5v1-730K-fp32", ".pth"),
        otherEpsilon("tiny/tiny-rwkv-5v1-730K-fp32", ".pth"),
        of("tiny/tiny-rwkv-5v2-730K-fp32", ".pth"),
        otherEpsilon("tiny/tiny-rwkv-5v2-730K-fp32", ".pth"),
        of("tiny/tiny-rwkv-5v2-730K-fp16", ".safetensors"),
        otherEpsilon("tiny/tiny-rwkv-5v2-730K-fp16", ".safetensors"),
        of("v6/v6-c128-l2-v256-bf16", ".pth"),
        of("v6/v6-c128-l2-v300-ranks-fp32", ".pth"),
        started(
            "v6/v6-c128-l2-v256-bf16.pth",
            "v6/v6-c128-l2-v256-with-timestate-bf16",
            "v6/v6-c128-l2.timestate-fp32.pth"),
        of("tiny/tiny-rwkv-6v0-3m-from-Q5_1-fp16", ".pth"),
        of("v7/v7-c128-l3-v256-bf16", ".pth"),
        of("v7/v7-c128-l3-v256-bf16", ".safetensors"),
        started(
            "v7/v7-c128-l3-v256-bf16.pth",
            "v7/v7-c128-l3-v256-with-timestate-bf16",
            "v7/v7-c128-l3.timestate-fp32.pth"),
        of("v7/v7-c128-l2-v300-ranks-fp32", ".pth"),
        of("v7/v7-world-c64-l2-v65536-views-bf16", ".pth"),
        of("v7a/v7a-c128-l2-v64-bf16", ".pth"),
        of("v7b/v7b-c128-l2-v64-bf16", ".pth"),
        of("tiny/tiny-rwkv-7v0-834K-fp32", ".pth"),
        of("tiny/tiny-rwkv-7v0-834K-fp16", ".safetensors"));
  }

  /** GGUF and rwkv.cpp files, and what exact arithmetic makes of the weights they stand for. */
  public static List<GoldenModel> quantised() {
    List<GoldenModel> models = new ArrayList<>();
    for (String name :
        List.of(
            "gguf/tiny-rwkv-7v0-834K-f16",
            "gguf/tiny-rwkv-7v0-834K-q8_0",
            "gguf/v6-c128-l2-v256-f32",
            "gguf/v6-c128-l2-v256-q8_0",
            "gguf/v6-c128-l2-v256-rescale1-f16")) {
      models.add(dequantised(name + ".gguf", name, LoadOptions.OFFICIAL));
    }
    for (String name :
        List.of("tiny/tiny-rwkv-4v0-660K-Q5_1.bin", "tiny/tiny-rwkv-7v0-834K-Q5_1.bin")) {
      models.add(dequantised(name, name, LoadOptions.OFFICIAL));
    }
    String five = "tiny/tiny-rwkv-5v2-730K-Q5_0.bin";
    models.add(dequantised(five, five, LoadOptions.groupNormEps(1e-5f)));
    return models;
  }

  private static GoldenModel dequantised(String model, String vectors, LoadOptions options) {
    return new GoldenModel(model, vectors, "", DEQUANTISED, options, F32);
  }

  /** Language models of RWKV-8's ROSA. */
  public static List<GoldenModel> rosa() {
    return List.of(
        of("v8-rosa/rosa1bit-lm-c64-l2-v96-bf16", ".pth"),
        of("v8-rosa/rosa4bit-lm-c64-l2-v96-bf16", ".pth"));
  }

  /** Models with ROSA that were taught to reverse numbers; their vectors hold several texts. */
  public static List<GoldenModel> reversers() {
    return List.of(reverser("260123_reverse_L2"), reverser("260123_reverse_L2_only_rwkv7"));
  }

  private static GoldenModel reverser(String name) {
    String path = "v8-rosa/" + name;
    return new GoldenModel(path + ".pth", path, "", LOGITS, LoadOptions.OFFICIAL, WIDE);
  }

  /** The repository's own model, below its folder of samples, and what the trainer computed. */
  public static GoldenModel sample() {
    String name = "stories-v7/stories-v7";
    return new GoldenModel(name + ".pth", name, "", LOGITS, LoadOptions.OFFICIAL, WIDE);
  }

  /** All of them. */
  public static List<GoldenModel> all() {
    List<GoldenModel> models = new ArrayList<>(official());
    models.addAll(quantised());
    models.addAll(rosa());
    models.addAll(reversers());
    models.add(sample());
    return models;
  }

  /** Whether the vectors hold more than logits that belong to this model. */
  public boolean hasStates() {
    return logits.equals(LOGITS);
  }

  /** The file of the numbers. */
  public String vectorsFile() {
    return vectors + ".vectors.safetensors";
  }

  /** Every file that is needed. */
  public List<String> files() {
    return initial.isEmpty()
        ? List.of(model, vectorsFile())
        : List.of(model, vectorsFile(), initial);
  }

  @Override
  public String toString() {
    return model
        + (initial.isEmpty() ? "" : " from " + initial)
        + (hasStates() || logits.equals(DEQUANTISED) ? "" : ", " + logits);
  }
}
