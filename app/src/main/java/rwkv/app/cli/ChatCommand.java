package rwkv.app.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import rwkv.app.prompt.PromptTemplate;
import rwkv.app.prompt.PromptTemplates;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Session;
import rwkv.plugin.Tokenizer;

/** {@code rwkv chat}: line by line with a model. */
@Command(
    name = "chat",
    description = "Answers line by line. The state is kept between turns; nothing is read twice.",
    footer = {
      "",
      "A line is a turn. These lines are commands:",
      "  :again   draw the last answer again, with the next seed",
      "  :reset   begin anew",
      "  :quit    end, as the end of the input does",
      "",
      "Without --template the one that suits the model is taken. A saved state holds the last"
          + " answer as shown, and not what ended it; 'rwkv chat --state' goes on from there.",
      "",
      "Examples:",
      "  rwkv chat model.pth",
      "  rwkv chat model.pth --template g1-think --system 'You are a cat.' --top-p 0.3",
      "  printf 'Hello\\nWhat did I say?\\n' | rwkv chat model.pth"
    })
final class ChatCommand implements Callable<Integer> {

  @ParentCommand private RwkvCommand root;
  @Mixin private ModelOptions model;
  @Mixin private TemplateOptions templates;
  @Mixin private SamplerOptions sampling;
  @Mixin private StateOptions states;
  @Mixin private TokenizerOptions tokenizers;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      defaultValue = "1024",
      description = "Tokens of an answer at most (default: ${DEFAULT-VALUE}).")
  private int maxTokens;

  @Override
  public Integer call() throws IOException {
    if (maxTokens < 1) {
      throw new BadInput("--max-tokens is " + maxTokens + ", it must be at least 1");
    }
    states.check(model);
    templates.template(PromptTemplates.PLAIN);
    try (Engine engine = model.open()) {
      int known = engine.spec().vocabulary();
      PromptTemplate template = templates.template(PromptTemplates.suggested(known, engine.file()));
      Tokenizer tokenizer = tokenizers.choose(root, engine);
      Session session = engine.session();
      states.restore(session);
      templates.check(template, session.position());
      Talk talk =
          new Talk(session, tokenizer, template, templates, sampling.settings(known), maxTokens);
      answer(talk, template);
      states.save(session);
    }
    return 0;
  }

  private void answer(Talk talk, PromptTemplate template) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(root.input().bytes(), StandardCharsets.UTF_8));
    boolean terminal = root.input().terminal();
    boolean read = true;
    while (read) {
      if (terminal) {
        new TextOut(root.out()).add(template.form().user() + ": ");
      }
      String line = in.readLine();
      if (line == null || line.strip().equals(":quit")) {
        return;
      }
      TextOut out = new TextOut(root.out());
      if (terminal && !line.startsWith(":")) {
        out.add(template.form().model() + ": ");
      }
      switch (line.strip()) {
        case "" -> {}
        case ":reset" -> talk.reset();
        case ":again" -> {
          if (talk.hasAnswer()) {
            read = talk.again(out);
          } else {
            root.note("there is no answer yet that could be drawn again");
          }
        }
        default -> {
          if (line.startsWith(":")) {
            root.note("'" + line.strip() + "' is no command: :again, :reset, :quit");
          } else {
            read = talk.turn(line, out);
          }
        }
      }
    }
  }
}
