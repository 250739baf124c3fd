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
import rwkv.app.prompt.PromptTemplate;
import rwkv.app.prompt.PromptTemplates;
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
      "With a template the prompt is a turn: it is written as the model was trained, after the"
          + " answer that the state ends with if there is a state, and the answer alone is printed."
          + " An answer ends before a stop sequence or an end-of-text token; the state saved then"
          + " holds the text up to there and nothing of what ended it.",
      "",
      "Examples:",
      "  rwkv generate model.pth --prompt 'Once upon a time' --max-tokens 100",
      "  rwkv generate model.pth --prompt-file story.txt --temperature 0.8 --top-p 0.5 --seed 7",
      "  rwkv generate model.pth --prompt 'Anna' --save-state anna.safetensors",
      "  rwkv generate model.pth --state anna.safetensors --no-echo",
      "  rwkv generate model.pth --template chat --prompt 'Why is the sky blue?'",
      "  rwkv generate model.pth --prompt 'One, two,' --stop '\\n'"
    })
final class GenerateCommand implements Callable<Integer> {

  @ParentCommand private RwkvCommand root;
  @Mixin private ModelOptions model;
  @Mixin private SamplerOptions sampling;
  @Mixin private TemplateOptions templates;
  @Mixin private StateOptions states;
  @Mixin private TokenizerOptions tokenizers;

  @Option(names = "--prompt", paramLabel = "TEXT", description = "What the text begins with.")
  private @Nullable String prompt;

  @Option(
      names = "--prompt-file",
      paramLabel = "FILE",
      description = "A UTF-8 file with the prompt, taken exactly as it is.")
  private @Nullable Path promptFile;

  @Option(names = "--no-echo", description = "Do not print the prompt.")
  private boolean noEcho;

  @Option(names = "--echo", description = "With a template: print the prompt as it was written.")
  private boolean echo;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      defaultValue = "256",
      description = "Tokens to generate at most (default: ${DEFAULT-VALUE}).")
  private int maxTokens;

  @Override
  public Integer call() throws IOException {
    String text = prompt();
    if (maxTokens < 0) {
      throw new BadInput("--max-tokens is " + maxTokens + ", it must be at least 0");
    }
    states.check(model);
    PromptTemplate template = templates.template(PromptTemplates.PLAIN);
    if (!template.isPlain() && text.isBlank()) {
      throw new BadInput("--prompt is needed: the template " + template.id() + " asks something");
    }
    templates.check(template, 0);
    try (Engine engine = model.open()) {
      SamplerSettings settings = sampling.settings(engine.spec().vocabulary());
      Tokenizer chosen = tokenizers.choose(root, engine);
      Session session = engine.session();
      boolean goesOn = states.restore(session);
      templates.check(template, session.position());
      String written = templates.turn(template, text, session.position(), "");
      int[] tokens = tokens(chosen, written, goesOn, engine.spec().vocabulary());
      TextOut out = new TextOut(root.out());
      boolean echoes = template.isPlain() ? !noEcho : echo;
      if (!echoes || out.add(written)) {
        if (tokens.length > 0) {
          session.prefill(tokens, Session.DEFAULT_CHUNK, Progress.NONE);
        }
        Sampler sampler = new Sampler(settings);
        if (template.isPlain() && !templates.stops()) {
          generate(session, sampler, chosen, out);
        } else {
          answer(
              new Answering(session, sampler, templates.stop(template, chosen)),
              template,
              echoes,
              out);
        }
      }
      states.save(session);
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
      if (goesOn || states.saves()) {
        session.decode(token);
      }
      if (!goesOn) {
        break;
      }
    }
    out.finish();
  }

  private void answer(Answering answering, PromptTemplate template, boolean echoes, TextOut out) {
    if (template.isPlain() || echoes) {
      boolean _ = answering.write(maxTokens, out::add);
      out.finish();
    } else {
      AnswerOut answer = new AnswerOut(out, template.form().opening());
      boolean _ = answering.write(maxTokens, answer::add);
      answer.finish();
    }
  }
}
