package rwkv.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import rwkv.app.theme.Sizes;
import rwkv.engine.checkpoint.PthWriter;
import rwkv.engine.checkpoint.SafetensorsWriter;
import rwkv.engine.checkpoint.TensorSource;
import rwkv.engine.convert.FileFormat;
import rwkv.engine.model.Version;
import rwkv.engine.tensor.DType;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.DecayFile;
import rwkv.engine.train.DecayPreset;
import rwkv.engine.train.Initialiser;
import rwkv.engine.train.ModelPlan;

/** {@code rwkv init}: a model that has learnt nothing yet. */
@Command(
    name = "init",
    description = {
      "Writes a model that has learnt nothing yet, as its version's official trainer begins it:",
      "with official names, as a .pth that PyTorch reads, or as .safetensors."
    },
    footer = {
      "",
      "Without --decay and --decay-formula the decays are the version's official ones. Formulas:"
          + " official, official4, official5, official7, linear, log-uniform, constant,"
          + " constant-raw, random; constants follow a colon. Half-lives are in tokens.",
      "A decay file has the decays of every layer and channel; the decay lab writes one.",
      "",
      "Examples:",
      "  rwkv init --version 7 --layers 4 --embd 128 --out rwkv-init.pth",
      "  rwkv init --version 7 --layers 12 --embd 768 --decay curve.json --out rwkv-init.pth",
      "  rwkv init --version 6 --layers 4 --embd 128 --decay-formula log-uniform:first=5000,last=2"
          + " --out rwkv-init.pth",
      "  rwkv init --version 4 --layers 2 --embd 32 --vocab 97 --dtype f32 --seed 7"
          + " --out small.safetensors"
    })
final class InitCommand implements Callable<Integer> {

  private static final int CANCELLED = 1;

  @ParentCommand private RwkvCommand root;

  /** Its own: --version is the model's here, so the usual pair is not inherited. */
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help message and exit.")
  private boolean help;

  @Option(
      names = "--version",
      paramLabel = "N",
      required = true,
      description = "4, 5.0, 5.1, 5.2 (or 5), 6 or 7.")
  private String version;

  @Option(names = "--layers", paramLabel = "N", required = true, description = "Blocks.")
  private int layers;

  @Option(
      names = "--embd",
      paramLabel = "N",
      required = true,
      description = "Channels; whole heads of them.")
  private int channels;

  @Option(
      names = "--head-size",
      paramLabel = "N",
      description = "Channels of a head (default: 64; RWKV-4 has no heads).")
  private @Nullable Integer headSize;

  @Option(names = "--vocab", paramLabel = "N", description = "Tokens (default: ${DEFAULT-VALUE}).")
  private int vocabulary = ModelPlan.WORLD;

  @Option(
      names = "--ffn",
      paramLabel = "N",
      description = "Width of channel mixing (default: the version's official one).")
  private @Nullable Integer ffnChannels;

  @Option(
      names = "--decay",
      paramLabel = "FILE",
      description = "Decays of every layer and channel, JSON.")
  private @Nullable Path decay;

  @Option(
      names = "--decay-formula",
      paramLabel = "NAME[:CONSTANT=X,...]",
      description = "Decays by a formula.")
  private @Nullable String formula;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The same seed gives the same file (default: ${DEFAULT-VALUE}).")
  private long seed = 0;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "bf16, f16 or f32 (default: ${DEFAULT-VALUE}).")
  private String dtype = "bf16";

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The file to write: .pth or .safetensors.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    ModelPlan plan = BadInput.unless(this::plan);
    DType type = type();
    FileFormat format = FileFormat.of(out).orElse(FileFormat.GGUF);
    if (format == FileFormat.GGUF) {
      throw new BadInput("--out " + out + ": expected a name ending in .pth or .safetensors");
    }
    OutputFile.check("--out", out);
    DecayCurve curve = curve(plan);
    try (TerminalProgress progress = new TerminalProgress(root)) {
      Initialiser initialiser = initialiser(plan, curve);
      write(format, initialiser.sources(type, progress));
      progress.close();
      root.out().println(summary(plan, initialiser.parameters(), type));
      halfLives(curve).forEach(root.out()::println);
      return 0;
    } catch (CancellationException e) {
      root.note("cancelled; nothing was written");
      return CANCELLED;
    }
  }

  private ModelPlan plan() {
    Version wanted = ModelPlan.version(version);
    if (wanted == Version.V4 && headSize != null) {
      throw new BadInput("--head-size is for versions with heads; RWKV-4 has none");
    }
    int size = headSize == null ? ModelPlan.HEAD_SIZE : headSize;
    ModelPlan plan = ModelPlan.of(wanted, layers, channels, size).withVocabulary(vocabulary);
    return ffnChannels == null ? plan : plan.withFfnChannels(ffnChannels);
  }

  private DType type() {
    DType type = WeightTypes.parse(dtype);
    if (type.isQuantised()) {
      throw new BadInput("--dtype is '%s', expected bf16, f16 or f32".formatted(dtype));
    }
    return type;
  }

  private DecayCurve curve(ModelPlan plan) {
    if (decay != null && formula != null) {
      throw new BadInput("--decay and --decay-formula exclude each other");
    }
    if (decay != null) {
      DecayCurve.Fitted read = DecayFile.load(decay);
      read.notes().forEach(note -> root.note(decay + ": " + note));
      return read.curve();
    }
    String text = formula == null ? DecayPreset.OFFICIAL : formula;
    return BadInput.unless(() -> DecayPreset.parse(text, plan.version()).curve(plan.decays()));
  }

  private Initialiser initialiser(ModelPlan plan, DecayCurve curve) {
    try {
      return new Initialiser(plan, curve, seed);
    } catch (IllegalArgumentException e) {
      throw new BadInput(decay + ": " + e.getMessage(), e);
    }
  }

  private void write(FileFormat format, List<TensorSource> sources) {
    if (format == FileFormat.PTH) {
      PthWriter.writeSources(out, sources, Map.of());
    } else {
      SafetensorsWriter.writeSources(out, sources, Map.of());
    }
  }

  private String summary(ModelPlan plan, long parameters, DType type) throws IOException {
    String heads = plan.version().hasHeads() ? ", heads of " + plan.headSize() : "";
    return "%s: %s, %d layers of %d channels%s, %d tokens; %s parameters, %s, %s"
        .formatted(
            out,
            plan.version().title(),
            plan.layers(),
            plan.channels(),
            heads,
            plan.vocabulary(),
            String.format(Locale.ROOT, "%,d", parameters),
            WeightTypes.name(type),
            Sizes.bytes(Files.size(out)));
  }

  /** A line for each layer. */
  private static List<String> halfLives(DecayCurve curve) {
    String[] lines = new String[curve.shape().layers()];
    for (int layer = 0; layer < lines.length; layer++) {
      double[] sorted = curve.halfLives(layer);
      Arrays.sort(sorted);
      lines[layer] =
          "layer %d: half-lives %s to %s tokens, median %s"
              .formatted(
                  layer,
                  tokens(sorted[0]),
                  tokens(sorted[sorted.length - 1]),
                  tokens(sorted[sorted.length / 2]));
    }
    return List.of(lines);
  }

  private static String tokens(double halfLife) {
    return String.format(Locale.ROOT, halfLife < 100 ? "%.3g" : "%,.0f", halfLife);
  }
}
