package rwkv.app.prompt;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import rwkv.app.prompt.PromptTemplate.Cleaning;
import rwkv.app.prompt.PromptTemplate.Form;

/** The templates there are, and which one to suggest for a model. */
public final class PromptTemplates {

  /** Text as it stands. */
  public static final PromptTemplate PLAIN =
      new PromptTemplate(
          "plain",
          "Plain text",
          "The model goes on with the text as it stands.",
          new Form("Text", "Model", "", "", "{text}", "", "", ""),
          List.of(),
          Set.of(),
          Cleaning.NONE);

  private static final String GAP = "\n\n";
  private static final Set<Integer> END_OF_TEXT = Set.of(0);

  private static final PromptTemplate CHAT =
      world("chat", "Chat", "Questions and answers, for World and G1 models.", "", "");
  private static final PromptTemplate FAKE_THINK =
      world(
          "g1-fake-think",
          "Chat, thinking skipped",
          "For G1 models: an empty thought is put in the model's mouth; quick and often good.",
          "",
          " <think>\n</think");
  private static final PromptTemplate RAVEN =
      turns(
          "raven",
          "Raven instruction",
          "An instruction, for RWKV-4 Raven models.",
          new Form("Instruction", "Response", "\n", "", ravenTurn(".", ""), "", "", GAP),
          "\n\n# Instruction:");

  private static final List<PromptTemplate> ALL =
      List.of(
          PLAIN,
          CHAT,
          world(
              "g1-think",
              "Chat, thinking",
              "For G1 models: the model thinks first, as long as it likes.",
              "",
              " <think"),
          world(
              "g1-think-asked",
              "Chat, asked to think",
              "For G1 models from G1c on: the question ends with (think).",
              " (think)",
              " <think"),
          world(
              "g1-think-a-bit",
              "Chat, thinking a bit",
              "For G1 models from G1c on: the question ends with (think a bit).",
              " (think a bit)",
              " <think"),
          world(
              "g1-think-a-lot",
              "Chat, thinking a lot",
              "For G1 models from G1c on: the question ends with (think a lot).",
              " (think a lot)",
              " <think"),
          FAKE_THINK,
          world(
              "g1-no-think",
              "Chat, thinking skipped (short)",
              "For G1 models: as " + FAKE_THINK.id() + ", without the line feed in between.",
              "",
              " <think></think"),
          turns(
              "instruct",
              "Instruction",
              "For World models. What follows an empty line is the input.",
              new Form(
                  "Instruction",
                  "Response",
                  "",
                  "",
                  "Instruction: {text}\n\nResponse:",
                  "Instruction: {text}\n\nInput: {input}\n\nResponse:",
                  "",
                  GAP),
              "\n\nInstruction:"),
          RAVEN,
          turns(
              "raven-input",
              "Raven instruction with input",
              "For RWKV-4 Raven models. What follows an empty line is the input.",
              new Form(
                  "Instruction",
                  "Response",
                  "\n",
                  "",
                  RAVEN.form().turn(),
                  ravenTurn(
                      ", paired with an input that provides further context.",
                      "# Input:\n{input}\n\n"),
                  "",
                  GAP),
              "\n\n# Instruction:"),
          turns(
              "raven-chat",
              "Bob and Alice",
              "A talk, for RWKV-4 Pile and Raven models. The system text sets the scene.",
              new Form("Bob", "Alice", "\n", "{system}\n\n", "Bob: {text}\n\nAlice:", "", "", GAP),
              GAP),
          turns(
              "qa",
              "Q and A",
              "A question, for RWKV-4 Pile and Raven models.",
              new Form("Q", "A", "\n", "", "Q: {text}\n\nA:", "", "", GAP),
              GAP));

  // A name is a hint only: it decides between templates for the same vocabulary.
  private static final Pattern G1 = Pattern.compile("(^|[^a-z0-9])g[01][a-z]?\\d*([^a-z0-9]|$)");
  private static final int WORLD_LEAST = 65_525;
  private static final int WORLD_MOST = 65_536;
  private static final int RAVEN_VOCABULARY = 50_277;

  private PromptTemplates() {}

  /** All, the plain one first. */
  public static List<PromptTemplate> all() {
    return ALL;
  }

  /** The one of an id. */
  public static Optional<PromptTemplate> find(String id) {
    return ALL.stream().filter(template -> template.id().equals(id)).findFirst();
  }

  /** The ids, with commas. */
  public static String ids() {
    return ALL.stream().map(PromptTemplate::id).collect(Collectors.joining(", "));
  }

  /**
   * What to talk to a model with when nobody says otherwise: chat for the World vocabulary, an
   * instruction for Raven, plain text for everything else.
   *
   * @param vocabulary tokens the model knows
   * @param file of the model; its name decides between models of the same vocabulary
   */
  public static PromptTemplate suggested(int vocabulary, Path file) {
    String name = file.toAbsolutePath().toString().toLowerCase(Locale.ROOT);
    String last = name.substring(name.lastIndexOf(file.getFileSystem().getSeparator()) + 1);
    if (vocabulary >= WORLD_LEAST && vocabulary <= WORLD_MOST) {
      return G1.matcher(last).find() ? FAKE_THINK : CHAT;
    }
    return vocabulary == RAVEN_VOCABULARY && last.contains("raven") ? RAVEN : PLAIN;
  }

  /** The form of World and G1 models. */
  private static PromptTemplate world(
      String id, String title, String about, String hint, String opening) {
    return turns(
        id,
        title,
        about,
        new Form(
            "User",
            "Assistant",
            "",
            "System: {system}\n\n",
            "User: {text}" + hint + "\n\nAssistant:" + opening,
            "",
            opening,
            GAP),
        "\n\nUser:");
  }

  private static PromptTemplate turns(
      String id, String title, String about, Form form, String stop) {
    return new PromptTemplate(id, title, about, form, List.of(stop), END_OF_TEXT, Cleaning.TURN);
  }

  private static String ravenTurn(String more, String input) {
    return "Below is an instruction that describes a task"
        + more
        + " Write a response that appropriately completes the request.\n\n"
        + "# Instruction:\n"
        + "{text}\n\n"
        + input
        + "# Response:\n";
  }
}
