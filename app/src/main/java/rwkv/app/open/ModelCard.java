package rwkv.app.open;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import rwkv.app.device.DeviceUse;
import rwkv.app.theme.Sizes;
import rwkv.engine.model.ModelSpec;

/** What is to be known about a model, as lines for a person. */
public final class ModelCard {

  /** Which section says what a model runs on: the one that changes while it is looked at. */
  static final int RUNNING_ON = 1;

  private ModelCard() {}

  /**
   * A group of facts.
   *
   * @param title a word or two
   */
  public record Section(String title, List<Fact> facts) {
    public Section {
      facts = List.copyOf(facts);
    }
  }

  /**
   * A line of the card.
   *
   * @param label what it is
   * @param value in short, or exactly where there is only one way to say it
   * @param note more digits, or how it comes about; may be empty
   */
  public record Fact(String label, String value, String note) {

    /** What the clipboard gets. */
    public String text() {
      return note.isEmpty() ? label + ": " + value : "%s: %s (%s)".formatted(label, value, note);
    }
  }

  /** As in "RWKV-7 · 4 layers · 4 heads · 1.0 M · bf16 · CPU, 2 threads". */
  public static String summary(OpenModel model) {
    ModelSpec spec = model.spec();
    return String.join(
        " · ",
        spec.version().title(),
        plural(spec.layers(), "layer"),
        spec.version().hasHeads()
            ? plural(spec.heads(), "head")
            : plural(spec.channels(), "channel"),
        Sizes.count(spec.parameters()),
        dtype(spec),
        model.device());
  }

  /**
   * Everything; what it runs on comes at {@link #RUNNING_ON}.
   *
   * @param use how it uses its device, as far as that is known already
   */
  public static List<Section> of(
      OpenModel model, @Nullable TokenizerChoice tokenizer, @Nullable DeviceUse use) {
    ModelSpec spec = model.spec();
    return List.of(
        new Section("Architecture", architecture(spec)),
        new Section("Running on", device(model, use)),
        new Section("Weights", weights(model, spec)),
        new Section("Memory of one sequence", memory(spec)),
        new Section("Tokenizer", tokenizer(spec, tokenizer)));
  }

  private static List<Fact> device(OpenModel model, @Nullable DeviceUse use) {
    return use == null
        ? List.of(new Fact("Device", model.device(), ""))
        : use.lines().stream()
            .map(line -> new Fact(line.label(), line.value(), line.note()))
            .toList();
  }

  private static List<Fact> architecture(ModelSpec spec) {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("Version", spec.version().title(), "“" + spec.version().nickname() + "”"));
    facts.add(new Fact("Layers", Sizes.exact(spec.layers()), ""));
    if (spec.version().hasHeads()) {
      facts.add(new Fact("Heads", Sizes.exact(spec.heads()), "per layer"));
      facts.add(
          new Fact(
              "Head size",
              Sizes.exact(spec.headSize()),
              "state of a head: %1$d × %1$d".formatted(spec.headSize())));
    } else {
      facts.add(new Fact("Heads", "none", spec.version().title() + " keeps channels apart"));
    }
    facts.add(new Fact("Channels", Sizes.exact(spec.channels()), "width of the residual"));
    facts.add(new Fact("Channel mixing width", Sizes.exact(spec.ffnChannels()), ""));
    facts.add(new Fact("Vocabulary", Sizes.exact(spec.vocabulary()), "tokens"));
    if (!spec.ranks().isEmpty()) {
      facts.add(new Fact("Low-rank projections", ranks(spec.ranks()), "rank of each"));
    }
    return facts;
  }

  private static List<Fact> weights(OpenModel model, ModelSpec spec) {
    List<Fact> facts = new ArrayList<>();
    facts.add(
        new Fact("Parameters", Sizes.count(spec.parameters()), Sizes.exact(spec.parameters())));
    facts.add(new Fact("Stored as", dtype(spec), exactBytes(spec.weightBytes())));
    facts.add(new Fact("File", String.valueOf(model.file().getFileName()), model.format()));
    if (model.fileBytes() >= 0) {
      facts.add(
          new Fact("File size", Sizes.bytes(model.fileBytes()), exactBytes(model.fileBytes())));
    }
    facts.add(new Fact("Folder", String.valueOf(model.file().toAbsolutePath().getParent()), ""));
    return facts;
  }

  private static List<Fact> memory(ModelSpec spec) {
    return List.of(
        new Fact(
            "State", Sizes.bytes(spec.stateBytes()), exactBytes(spec.stateBytes()) + growth(spec)),
        cache(spec, "1k", 1_000),
        cache(spec, "100k", 100_000));
  }

  private static String growth(ModelSpec spec) {
    return spec.grows()
        ? ", and %s more for every token".formatted(exactBytes(spec.stateBytesPerToken()))
        : ", however long the text";
  }

  private static Fact cache(ModelSpec spec, String title, long tokens) {
    long bytes = spec.transformerCacheBytes(tokens);
    return new Fact(
        "A transformer's KV cache at " + title + " tokens",
        Sizes.bytes(bytes),
        "%s; same layers and channels, f16".formatted(exactBytes(bytes)));
  }

  private static List<Fact> tokenizer(ModelSpec spec, @Nullable TokenizerChoice choice) {
    if (choice == null) {
      return List.of(new Fact("Tokenizer", "none", "no installed tokenizer suits this vocabulary"));
    }
    int size = choice.tokenizer().vocabularySize();
    return List.of(
        new Fact("Tokenizer", choice.tokenizer().name(), ""),
        new Fact("Chosen because", choice.offer().reason(), ""),
        new Fact(
            "Its vocabulary",
            Sizes.exact(size),
            size > spec.vocabulary() ? "more than the model knows" : "tokens"));
  }

  private static String ranks(Map<String, Integer> ranks) {
    return ranks.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(Comparator.comparingInt("wavg"::indexOf)))
        .map(rank -> rank.getKey() + " " + rank.getValue())
        .collect(Collectors.joining(", "));
  }

  private static String dtype(ModelSpec spec) {
    return spec.stored().name().toLowerCase(Locale.ROOT);
  }

  private static String exactBytes(long bytes) {
    return Sizes.exact(bytes) + " bytes";
  }

  private static String plural(int count, String word) {
    return count + " " + word + (count == 1 ? "" : "s");
  }
}
