package rwkv.app.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import rwkv.engine.model.Progress;
import rwkv.engine.sampling.Sampler;
import rwkv.engine.sampling.SamplerSettings;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Session;
import rwkv.plugin.Tokenizer;

/** {@code rwkv generate}: a text from a prompt, shown while it is made. */
@Command(
    name = "generate",
    description = "Writes text from a prompt, token by token, until the end of the text.",
    footer = {
      "",
      "Without a prompt the text begins anew, after an end-of-text token; with a state saved by"
          + " --save-state or 'rwkv logits' it goes on where that ended. The same seed then gives"
          + " the text that one call would have given; penalties start afresh.",
      "",
      "Examples:",
      "  rwkv generate model.pth --prompt 'Once upon a time' --max-tokens 100",
      "  rwkv generate model.pth --prompt-file story.txt --temperature 0.8 --top-p 0.5 --seed 7",
      "  rwkv generate model.pth --prompt 'Anna' --save-state anna.safetensors",
      "  rwkv generate model.pth --state anna.safetensors --no-echo"
    })
final class GenerateCommand implements Callable<Integer> {

  @ParentCommand private RwkvCommand root;
  @Mixin private ModelOptions model;
  @Mixin private SamplerOptions sampling;

  @Option(names = "--prompt", paramLabel = "TEXT", description = "What the text begins with.")
  private @Nullable String prompt;

  @Option(
      names = "--prompt-file",
      paramLabel = "FILE",
      description = "A UTF-8 file with the prompt, taken exactly as it is.")
  private @Nullable Path promptFile;

  @Option(names = "--no-echo", description = "Do not print the prompt.")
  private boolean noEcho;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      defaultValue = "256",
      description = "Tokens to generate at most (default: ${DEFAULT-VALUE}).")
  private int maxTokens;

  @Option(names = "--state", paramLabel = "IN", description = "Start from this state.")
  private @Nullable Path state;

  @Option(
      names = "--save-state",
      paramLabel = "OUT",
      description = "Save the state after the last token.")
  private @Nullable Path saveState;

  @Option(
      names = "--tokenizer",
      paramLabel = "ID",
      description = "Tokenizer to use; 'rwkv info' lists those that suit a model.")
  private @Nullable String tokenizer;

  @Option(names = "--vocabulary", paramLabel = "FILE", description = "The tokenizer's vocabulary.")
  private @Nullable Path vocabulary;

  @Override
  public Integer call() throws IOException {
    String text = prompt();
    if (maxTokens < 0) {
      throw new BadInput("--max-tokens is " + maxTokens + ", it must be at least 0");
    }
    if (saveState != null) {
      model.checkOutput("--save-state", saveState);
    }
    try (Engine engine = model.open()) {
      SamplerSettings settings = sampling.settings(engine.spec().vocabulary());
      Tokenizer chosen = new TokenizerChoices(root, engine).choose(tokenizer, vocabulary);
      Session session = engine.session();
      boolean goesOn = restore(session);
      int[] tokens = tokens(chosen, text, goesOn, engine.spec().vocabulary());
      TextOut out = new TextOut(root.out());
      if (noEcho || out.add(text)) {
        if (tokens.length > 0) {
          session.prefill(tokens, Session.DEFAULT_CHUNK, Progress.NONE);
        }
        generate(session, new Sampler(settings), chosen, out);
      }
      out.finish();
      if (saveState != null) {
        SavedState.save(saveState, session);
      }
    }
    return 0;
  }

  private String prompt() throws IOException {
    if (prompt != null && promptFile != null) {
      throw new BadInput("--prompt and --prompt-file exclude each other");
    }
    if (promptFile == null) {
      return prompt == null ? "" : prompt;
    }
    try {
      return Files.readString(promptFile);
    } catch (CharacterCodingException e) {
      throw new BadInput("--prompt-file " + promptFile + " is not UTF-8 text", e);
    }
  }

  /** Takes up the saved state; true if the next token can be drawn from it at once. */
  private boolean restore(Session session) {
    if (state == null) {
      return false;
    }
    SavedState saved = SavedState.load(state, session.model().spec());
    saved.restore(session);
    return saved.logits() != null;
  }

  /** What is to be read before the first token can be drawn. */
  private static int[] tokens(Tokenizer tokenizer, String text, boolean goesOn, int vocabulary) {
    int[] tokens = BadInput.unless(() -> tokenizer.encode(text));
    if (tokens.length == 0 && !goesOn) {
      if (tokenizer.endOfText() < 0) {
        throw new BadInput(
            "--prompt is needed: " + tokenizer.name() + " has no end-of-text token to begin with");
      }
      tokens = new int[] {tokenizer.endOfText()};
    }
    TokenList.check("--prompt", tokens, vocabulary);
    return tokens;
  }

  private void generate(Session session, Sampler sampler, Tokenizer tokenizer, TextOut out) {
    for (int made = 1; made <= maxTokens; made++) {
      int token = sampler.next(session.logits(), session.position());
      boolean ends = token == tokenizer.endOfText();
      boolean goesOn = (ends || out.add(tokenizer.bytes(token))) && !ends && made < maxTokens;
      if (goesOn || saveState != null) {
        session.decode(token);
      }
      if (!goesOn) {
        return;
      }
    }
  }
}
