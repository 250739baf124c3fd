package rwkv.engine.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.engine.Compare;
import rwkv.engine.ReferenceData;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.model.LoadOptions;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Engine;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Tensor;

/** Converted reference models compute the recorded logits, as exactly as their new type allows. */
class ConversionGoldenTest {

  /** How many of the recorded tokens are run. */
  private static final int TOKENS = 24;

  private static final List<DType> FLOATING = List.of(DType.F32, DType.F16, DType.BF16);
  private static final List<DType> QUANTISED =
      List.of(
          DType.Q8_0,
          DType.Q6_K,
          DType.Q5_K,
          DType.Q5_1,
          DType.Q5_0,
          DType.Q4_K,
          DType.Q4_1,
          DType.Q4_0);

  /** A reference model, the vectors of its logits, and whether GGUF has its version. */
  private record Source(String model, String vectors, String logits, boolean gguf) {}

  private static final String DEQUANTISED = "logits_of_dequantized_weights";

  private static final List<Source> SOURCES =
      List.of(
          new Source("v4/v4-c128-l2-v256-bf16.pth", "v4/v4-c128-l2-v256-bf16", "logits", false),
          new Source(
              "v5.0/v5.0-c128-l2-v256-bf16.pth", "v5.0/v5.0-c128-l2-v256-bf16", "logits", false),
          new Source(
              "v5.1/v5.1-c192-l2-v256-bf16.pth", "v5.1/v5.1-c192-l2-v256-bf16", "logits", false),
          new Source(
              "v5.2/v5.2-c128-l2-v256-bf16.pth", "v5.2/v5.2-c128-l2-v256-bf16", "logits", false),
          new Source("v7a/v7a-c128-l2-v64-bf16.pth", "v7a/v7a-c128-l2-v64-bf16", "logits", false),
          new Source("v7b/v7b-c128-l2-v64-bf16.pth", "v7b/v7b-c128-l2-v64-bf16", "logits", false),
          new Source(
              "v8-rosa/rosa1bit-lm-c64-l2-v96-bf16.pth",
              "v8-rosa/rosa1bit-lm-c64-l2-v96-bf16",
              "logits",
              false),
          new Source(
              "v8-rosa/rosa4bit-lm-c64-l2-v96-bf16.pth",
              "v8-rosa/rosa4bit-lm-c64-l2-v96-bf16",
              "logits",
              false),
          new Source("v6/v6-c128-l2-v256-bf16.pth", "v6/v6-c128-l2-v256-bf16", "logits", true),
          new Source("v7/v7-c128-l3-v256-bf16.pth", "v7/v7-c128-l3-v256-bf16", "logits", true),
          new Source(
              "v7/v7-c128-l3-v256-bf16.safetensors", "v7/v7-c128-l3-v256-bf16", "logits", true),
          new Source(
              "v7/v7-c128-l2-v300-ranks-fp32.pth", "v7/v7-c128-l2-v300-ranks-fp32", "logits", true),
          new Source(
              "gguf/v6-c128-l2-v256-q8_0.gguf", "gguf/v6-c128-l2-v256-q8_0", DEQUANTISED, true),
          new Source(
              "gguf/v6-c128-l2-v256-rescale1-f16.gguf",
              "gguf/v6-c128-l2-v256-rescale1-f16",
              DEQUANTISED,
              true),
          new Source(
              "gguf/tiny-rwkv-7v0-834K-q8_0.gguf",
              "gguf/tiny-rwkv-7v0-834K-q8_0",
              DEQUANTISED,
              true),
          new Source(
              "tiny/tiny-rwkv-4v0-660K-Q5_1.bin",
              "tiny/tiny-rwkv-4v0-660K-Q5_1.bin",
              DEQUANTISED,
              false),
          new Source(
              "tiny/tiny-rwkv-7v0-834K-Q5_1.bin",
              "tiny/tiny-rwkv-7v0-834K-Q5_1.bin",
              DEQUANTISED,
              true));

  /** A reference model in another format and type. */
  record Case(String model, String vectors, String logits, FileFormat format, DType dtype) {

    /** Whether the new file holds the numbers of the old one. */
    boolean isExact() {
      return dtype == DType.F32 || dtype == DType.BF16 && model.contains("bf16");
    }

    @Override
    public String toString() {
      return model + " to " + dtype + format.extension();
    }
  }

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Source s : SOURCES) {
      for (DType dtype : FLOATING) {
        cases.add(new Case(s.model, s.vectors, s.logits, FileFormat.SAFETENSORS, dtype));
      }
      for (DType dtype :
          s.gguf
              ? Stream.concat(FLOATING.stream(), QUANTISED.stream()).toList()
              : List.<DType>of()) {
        cases.add(new Case(s.model, s.vectors, s.logits, FileFormat.GGUF, dtype));
      }
    }
    return cases.stream();
  }

  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource("cases")
  void computesTheRecordedLogits(Case c) {
    Path file = folder.resolve("converted" + c.format.extension());
    try (Engine engine = Engine.open(ReferenceData.require(c.model), "cpu", 2, Progress.NONE)) {
      Conversion wanted = new Conversion(file, c.format, c.dtype, null);
      Converter.convert(engine.checkpoint(), engine.spec(), wanted, Progress.NONE);
    }
    try (Engine engine = Engine.open(file, "cpu", 2, LoadOptions.OFFICIAL, Progress.NONE);
        Checkpoint vectors =
            Checkpoints.open(ReferenceData.require(c.vectors + ".vectors.safetensors"))) {
      Tensor logits = vectors.tensors().get(c.logits);
      int[] tokens = Arrays.copyOf(Compare.ints(vectors.tensors().get("tokens")), TOKENS);
      float[] expected = logits.slices(0, TOKENS).toFloats();
      float[] found = engine.session().prefillAll(tokens);
      double error = Precision.error(expected, found);
      System.out.printf("%s: logits off by %.2e%n", c, error);
      if (c.isExact()) {
        assertArrayEquals(expected, found, 1e-4f);
      }
      assertTrue(error < Precision.of(c.dtype).logits(), () -> c + " is off by " + error);
    }
  }
}
