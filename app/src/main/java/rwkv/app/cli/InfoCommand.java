package rwkv.app.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import rwkv.app.theme.Sizes;
import rwkv.engine.session.Engine;

/** {@code rwkv info}: what a model is. */
@Command(
    name = "info",
    description = "Shows what a model is: version, sizes, memory and tokenizers.",
    footer = {
      "",
      "Examples:",
      "  rwkv info model.pth",
      "  rwkv info model.pth --json | jq .parameters"
    })
final class InfoCommand implements Callable<Integer> {

  @ParentCommand private RwkvCommand root;
  @Mixin private ModelOptions model;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    try (Engine engine = model.open()) {
      ModelFacts facts = ModelFacts.of(engine, new TokenizerChoices(root, engine).ranked());
      if (json) {
        Json.print(facts, root.out());
      } else {
        print(facts, root.out());
      }
      return 0;
    }
  }

  private static void print(ModelFacts facts, PrintStream out) {
    Lines lines = new Lines(out);
    lines.add("file", "%s (%s, %s)", facts.file(), facts.format(), Sizes.bytes(facts.fileBytes()));
    lines.add("version", "%s", facts.version());
    lines.add("parameters", "%d (%s)", facts.parameters(), Sizes.count(facts.parameters()).strip());
    lines.add("weights", "%d bytes, stored as %s", facts.weightBytes(), facts.dtype());
    lines.add("read per token", "%d bytes", facts.weightBytesPerToken());
    lines.add("layers", "%d", facts.layers());
    lines.add("channels", "%d", facts.channels());
    lines.add("heads", "%s", heads(facts));
    lines.add("channel mixing", "%d wide", facts.ffnChannels());
    if (!facts.ranks().isEmpty()) {
      lines.add("ranks", "%s", facts.ranks().toString().replaceAll("[{}]", "").replace('=', ' '));
    }
    lines.add("vocabulary", "%d tokens", facts.vocabulary());
    lines.add("state", "%s", state(facts));
    facts
        .transformerCacheBytes()
        .forEach((tokens, bytes) ->
            lines.add(
                "transformer cache",
                "%d bytes after %s tokens (same layers and channels, f16)",
                bytes,
                tokens));
    facts
        .tokenizers()
        .forEach(offer ->
            lines.add("tokenizer", "%s, score %d: %s", offer.id(), offer.score(), offer.reason()));
    if (facts.tokenizers().isEmpty()) {
      lines.add("tokenizer", "none suits this vocabulary");
    }
  }

  private static String heads(ModelFacts facts) {
    return facts.headSize() == facts.channels()
        ? "one for all channels"
        : facts.heads() + " of size " + facts.headSize();
  }

  private static String state(ModelFacts facts) {
    return facts.stateBytesPerToken() == 0
        ? facts.stateBytes() + " bytes, however long the text"
        : facts.stateBytes() + " bytes, and " + facts.stateBytesPerToken() + " for every token";
  }
}
