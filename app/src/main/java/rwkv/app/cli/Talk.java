package rwkv.app.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import rwkv.app.prompt.PromptTemplate;
import rwkv.engine.model.Progress;
import rwkv.engine.sampling.Sampler;
import rwkv.engine.sampling.SamplerSettings;
import rwkv.engine.session.Session;
import rwkv.plugin.Tokenizer;

/** Turn after turn on one session. */
final class Talk {

  private final Session session;
  private final Tokenizer tokenizer;
  private final PromptTemplate template;
  private final TemplateOptions options;
  private final int maxTokens;
  private final Session.Mark start;
  private SamplerSettings settings;
  private Session.@Nullable Mark asked;
  private String before = "";

  Talk(
      Session session,
      Tokenizer tokenizer,
      PromptTemplate template,
      TemplateOptions options,
      SamplerSettings settings,
      int maxTokens) {
    this.session = session;
    this.tokenizer = tokenizer;
    this.template = template;
    this.options = options;
    this.settings = settings;
    this.maxTokens = maxTokens;
    this.start = session.mark();
  }

  /** Begins anew. */
  void reset() {
    session.back(start);
    asked = null;
    before = "";
  }

  /**
   * Reads a turn and answers it.
   *
   * @return false if nobody reads the answer
   */
  boolean turn(String text, TextOut out) {
    String written = options.turn(template, text, session.position(), before);
    int[] tokens = BadInput.unless(() -> tokenizer.encode(written));
    TokenList.check("the line", tokens, session.logits().length);
    session.prefill(tokens, Session.DEFAULT_CHUNK, Progress.NONE);
    asked = session.mark();
    return answer(out);
  }

  /** Whether there is an answer to draw again. */
  boolean hasAnswer() {
    return asked != null;
  }

  /**
   * Draws the last answer again, with the next seed.
   *
   * @return false if nobody reads it
   */
  boolean again(TextOut out) {
    session.back(Objects.requireNonNull(asked, "nothing has been asked"));
    settings = settings.withSeed(settings.seed() + 1);
    return answer(out);
  }

  private boolean answer(TextOut out) {
    AnswerOut shown = new AnswerOut(out, template.form().opening());
    boolean read =
        new Answering(session, new Sampler(settings), options.stop(template, tokenizer))
            .write(maxTokens, shown::add);
    shown.finish();
    before = shown.text();
    return read && out.add("\n");
  }
}
