package rwkv.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import rwkv.app.theme.Sizes;
import rwkv.engine.convert.Conversion;
import rwkv.engine.convert.ConversionReport;
import rwkv.engine.convert.Converter;
import rwkv.engine.convert.FileFormat;
import rwkv.engine.convert.GgufVocabulary;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Engine;
import rwkv.engine.tensor.DType;

/** {@code rwkv convert}: a model in another format or type. */
@Command(
    name = "convert",
    description = {
      "Writes a model as .safetensors or .pth with official names, or as GGUF for llama.cpp",
      "(RWKV-6 and RWKV-7). OUT's name says which. The model itself is never changed."
    },
    footer = {
      "",
      "Without --dtype every tensor keeps its type as far as the format has it; quantised tensors"
          + " become bf16 in .safetensors and .pth.",
      "In GGUF --dtype is for the large matrices: vectors and mixing weights stay F32, low-rank"
          + " matrices are not quantised, the head of a quantised model is Q6_K or Q8_0, and rows"
          + " that are not whole blocks of a type take one with smaller blocks, or F16.",
      "A GGUF carries the vocabulary: that of --vocabulary, or that which 'rwkv generate' would"
          + " use.",
      "",
      "Examples:",
      "  rwkv convert model.pth model.safetensors",
      "  rwkv convert model.pth model.gguf --dtype q8_0 --vocabulary rwkv_vocab_v20230424.txt",
      "  rwkv convert model.bin model.safetensors --dtype f16"
    })
final class ConvertCommand implements Callable<Integer> {

  private static final int CANCELLED = 1;

  @ParentCommand private RwkvCommand root;

  @Parameters(index = "0", paramLabel = "IN", description = "Model file, of any format.")
  private Path in;

  @Parameters(
      index = "1",
      paramLabel = "OUT",
      description = "The file to write: .safetensors, .pth or .gguf.")
  private Path out;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "f32, f16, bf16, or for GGUF q8_0, q6_k, q5_k, q5_1, q5_0, q4_k, q4_1, q4_0.")
  private @Nullable String dtype;

  @Option(
      names = "--vocabulary",
      paramLabel = "FILE",
      description = "The vocabulary that a GGUF is to carry.")
  private @Nullable Path vocabulary;

  @Override
  public Integer call() throws IOException {
    FileFormat format =
        FileFormat.of(out)
            .orElseThrow(() ->
                new BadInput(
                    "OUT " + out + ": expected a name ending in .safetensors, .pth or .gguf"));
    DType type = dtype == null ? null : WeightTypes.parse(dtype);
    if (vocabulary != null && format != FileFormat.GGUF) {
      throw new BadInput("--vocabulary is for GGUF; other files carry none");
    }
    OutputFile.check("OUT", out, in);
    try (Engine engine = Engine.open(in, "reference", 1, Progress.NONE);
        TerminalProgress progress = new TerminalProgress(root)) {
      GgufVocabulary tokens =
          format == FileFormat.GGUF ? GgufTokens.find(root, engine, vocabulary) : null;
      Conversion wanted = new Conversion(out, format, type, tokens);
      ConversionReport report =
          Converter.convert(engine.checkpoint(), engine.spec(), wanted, progress);
      progress.close();
      if (report.placeholders()) {
        root.note(
            "note: no vocabulary was found, so "
                + out
                + " has placeholders for tokens and turns no text into tokens; name one with"
                + " --vocabulary");
      }
      root.out().println(summary(report));
      return 0;
    } catch (CancellationException e) {
      root.note("cancelled; nothing was written");
      return CANCELLED;
    }
  }

  private String summary(ConversionReport report) {
    String tensors =
        report.tensors().entrySet().stream()
            .sorted(
                Map.Entry.<DType, Integer>comparingByValue()
                    .reversed()
                    .thenComparing(Map.Entry.comparingByKey()))
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .collect(Collectors.joining(", "));
    return "%s: %s, was %s; tensors: %s"
        .formatted(
            out, Sizes.bytes(report.bytesAfter()), Sizes.bytes(report.bytesBefore()), tensors);
  }
}
