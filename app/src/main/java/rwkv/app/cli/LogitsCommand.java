package rwkv.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import rwkv.engine.checkpoint.SafetensorsWriter;
import rwkv.engine.model.StateFile;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Session;
import rwkv.engine.tensor.Tensor;

/** {@code rwkv logits}: what a model computes for given tokens, as numbers in a file. */
@Command(
    name = "logits",
    description = "Computes the logits after every token, and the state after the last.",
    footer = {
      "",
      "OUT holds tokens I32 [T], logits F32 [T,vocabulary] and, for every layer,"
          + " state.T.LAYER.att_x [channels], .ffn_x [channels] and .att_kv [heads,value dim,key"
          + " dim]. T counts the tokens of this call, with --state too: row T-1 of logits and"
          + " state.T belong together. The metadata's 'position' counts the tokens of the state"
          + " given as well.",
      "",
      "Examples:",
      "  rwkv logits model.pth --tokens 1,2,3 --out first.safetensors",
      "  rwkv logits model.pth --tokens @ids.txt --state first.safetensors --out next.safetensors"
    })
final class LogitsCommand implements Callable<Integer> {

  /** Logits computed at once at most: 64 MiB of them. */
  private static final int NUMBERS_AT_ONCE = 1 << 24;

  @ParentCommand private RwkvCommand root;
  @Mixin private ModelOptions model;

  @Option(
      names = "--tokens",
      required = true,
      paramLabel = "IDS",
      description = "Token ids separated by commas or spaces, or @FILE that holds them.")
  private String tokens;

  @Option(
      names = "--state",
      paramLabel = "IN",
      description = "Start from this state (zeros without it).")
  private @Nullable Path state;

  @Option(
      names = "--chunk",
      paramLabel = "N",
      description = "Tokens computed at once; changes the speed and not the numbers.")
  private @Nullable Integer chunk;

  @Option(names = "--out", required = true, paramLabel = "OUT", description = "The file to write.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    int[] ids = TokenList.parse("--tokens", tokens);
    if (ids.length == 0) {
      throw new BadInput("--tokens names no token");
    }
    model.checkOutput("--out", out);
    try (Engine engine = model.open()) {
      int vocabulary = engine.spec().vocabulary();
      TokenList.check("--tokens", ids, vocabulary);
      int atOnce = chunk(vocabulary);
      Session session = engine.session();
      if (state != null) {
        SavedState.load(state, engine.spec()).restore(session);
      }
      write(session, ids, atOnce);
    }
    return 0;
  }

  private int chunk(int vocabulary) {
    int most = Math.max(1, NUMBERS_AT_ONCE / vocabulary);
    if (chunk == null) {
      return Math.min(most, Session.DEFAULT_CHUNK);
    }
    if (chunk < 1 || chunk > most) {
      String range = "from 1 to " + most + " for a vocabulary of " + vocabulary;
      throw new BadInput("--chunk is " + chunk + ", it must be " + range);
    }
    return chunk;
  }

  private void write(Session session, int[] ids, int atOnce) throws IOException {
    Path folder = out.toAbsolutePath().getParent();
    try (LogitsSpool logits = new LogitsSpool(folder == null ? Path.of("") : folder)) {
      for (int from = 0; from < ids.length; from += atOnce) {
        int[] part = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + atOnce));
        logits.add(session.prefillAll(part));
      }
      List<Tensor> tensors = new ArrayList<>();
      tensors.add(Tensor.of("tokens", ids));
      tensors.add(logits.tensor(ids.length, session.logits().length));
      tensors.addAll(StateFile.tensors(session.snapshot(), ids.length));
      Map<String, String> metadata =
          Map.of(
              "model", String.valueOf(model.file().getFileName()),
              "tokens", String.valueOf(ids.length),
              "position", String.valueOf(session.position()));
      SafetensorsWriter.write(out, tensors, metadata);
    }
  }
}
