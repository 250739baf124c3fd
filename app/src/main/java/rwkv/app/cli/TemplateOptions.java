package rwkv.app.cli;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import rwkv.app.prompt.AnswerStop;
import rwkv.app.prompt.PromptTemplate;
import rwkv.app.prompt.PromptTemplates;
import rwkv.plugin.Tokenizer;

/** How a prompt is written, and where an answer ends. */
final class TemplateOptions {

  @Option(
      names = "--template",
      paramLabel = "ID",
      completionCandidates = Ids.class,
      description =
          "How the model was trained to be asked: ${COMPLETION-CANDIDATES};"
              + " 'rwkv templates' shows them.")
  private @Nullable String id;

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      description = "What stands before the first turn, where the template has a place for it.")
  private String system = "";

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "Ends the answer before this text; may be given several times; \\n, \\t, \\\\.")
  private List<String> stops = new ArrayList<>();

  static final class Ids implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return PromptTemplates.all().stream().map(PromptTemplate::id).iterator();
    }
  }

  /** The one that was asked for, or another. */
  PromptTemplate template(PromptTemplate otherwise) {
    String wanted = id;
    if (wanted == null) {
      return otherwise;
    }
    return PromptTemplates.find(wanted)
        .orElseThrow(() ->
            new BadInput(
                "--template "
                    + wanted
                    + ": there is none of that name; there are "
                    + PromptTemplates.ids()));
  }

  /**
   * Refuses a system text that has no place, and stop sequences that are none.
   *
   * @param read tokens in the state already
   */
  void check(PromptTemplate template, int read) {
    BadInput.unless(() -> template.first("", system));
    if (read > 0 && !system.isBlank()) {
      throw new BadInput(
          "--system stands before the first turn, but the state holds %d tokens already"
              .formatted(read));
    }
    if (stops.contains("")) {
      throw new BadInput("--stop is empty");
    }
  }

  /**
   * A turn as it is to be read.
   *
   * @param read tokens in the state already
   * @param before the end of the text there, if it is known
   */
  String turn(PromptTemplate template, String text, int read, String before) {
    return read > 0 ? template.later(text, before) : template.first(text, system);
  }

  /** Whether the answer may end before the end of the text. */
  boolean stops() {
    return !stops.isEmpty();
  }

  /** What ends an answer; a new one for each. */
  AnswerStop stop(PromptTemplate template, Tokenizer tokenizer) {
    List<String> texts = new ArrayList<>(template.stops());
    stops.forEach(text -> texts.add(unescaped(text)));
    return new AnswerStop(tokenizer, Set.copyOf(template.stopTokens()), texts);
  }

  private static String unescaped(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char next = i + 1 < text.length() && text.charAt(i) == '\\' ? text.charAt(i + 1) : ' ';
      int escape = "nt\\".indexOf(next);
      plain.append(escape < 0 ? text.charAt(i) : "\n\t\\".charAt(escape));
      i += escape < 0 ? 0 : 1;
    }
    return plain.toString();
  }
}
