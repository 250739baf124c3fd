package rwkv.app.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PromptTemplateTest {

  private static PromptTemplate of(String id) {
    return PromptTemplates.find(id).orElseThrow();
  }

  static List<PromptTemplate> all() {
    return PromptTemplates.all();
  }

  private static List<PromptTemplate> turns() {
    return all().stream().filter(template -> !template.isPlain()).toList();
  }

  @Test
  void plainTextStaysAsItIs() {
    PromptTemplate plain = of("plain");
    assertEquals(" a\r\n\n\nb ", plain.first(" a\r\n\n\nb ", ""));
    assertEquals(" c\n", plain.later(" c\n", "b"));
    assertTrue(plain.stops().isEmpty() && plain.stopTokens().isEmpty());
  }

  @Test
  void worldModelsAreAskedAsUserAndAssistant() {
    PromptTemplate chat = of("chat");
    assertEquals("User: Hello\n\nAssistant:", chat.first("Hello", ""));
    assertEquals("System: Be kind.\n\nUser: Hello\n\nAssistant:", chat.first("Hello", "Be kind."));
    assertEquals("\n\nUser: And?\n\nAssistant:", chat.later("And?", " Hi!"));
    assertEquals(List.of("\n\nUser:"), chat.stops());
    assertEquals(Set.of(0), chat.stopTokens());
  }

  @ParameterizedTest
  @CsvSource({
    "g1-think,'User: Why?\n\nAssistant: <think'",
    "g1-think-asked,'User: Why? (think)\n\nAssistant: <think'",
    "g1-think-a-bit,'User: Why? (think a bit)\n\nAssistant: <think'",
    "g1-think-a-lot,'User: Why? (think a lot)\n\nAssistant: <think'",
    "g1-fake-think,'User: Why?\n\nAssistant: <think>\n</think'",
    "g1-no-think,'User: Why?\n\nAssistant: <think></think'",
  })
  void thinkingIsOpenedWithoutItsBracket(String id, String expected) {
    assertEquals(expected, of(id).first("Why?", ""));
    assertEquals("System: S\n\n" + expected, of(id).first("Why?", "S"));
    assertEquals("\n\n" + expected, of(id).later("Why?", "."));
    assertTrue(expected.endsWith("Assistant:" + of(id).form().opening()));
  }

  @Test
  void ravenReadsAnInstruction() {
    assertEquals(
        "\nBelow is an instruction that describes a task. Write a response that appropriately"
            + " completes the request.\n\n# Instruction:\nCount.\n\n# Response:\n",
        of("raven").first("Count.", ""));
    assertEquals(of("raven").first("Count.", ""), of("raven-input").first("Count.", ""));
  }

  @Test
  void anInputFollowsTheFirstEmptyLine() {
    assertEquals(
        "\nBelow is an instruction that describes a task, paired with an input that provides"
            + " further context. Write a response that appropriately completes the request.\n\n"
            + "# Instruction:\nCount\nthem.\n\n# Input:\na\nb\n\n# Response:\n",
        of("raven-input").first("Count\r\nthem.\r\n \r\na\n\n\nb\n", ""));
    assertEquals(
        "Instruction: Count.\n\nInput: a b\n\nResponse:",
        of("instruct").first("Count.\n\n\n a b", ""));
    assertEquals("Instruction: Count.\n\nResponse:", of("instruct").first("Count.\n\n", ""));
  }

  @Test
  void bobTalksToAlice() {
    assertEquals("\nBob: Hi\n\nAlice:", of("raven-chat").first("Hi", ""));
    assertEquals("\nA garden.\n\nBob: Hi\n\nAlice:", of("raven-chat").first("Hi", "A garden."));
    assertEquals("\n\nBob: Hi\n\nAlice:", of("raven-chat").later("Hi", " Hello."));
    assertEquals("\nQ: Hi\n\nA:", of("qa").first("Hi", ""));
  }

  @ParameterizedTest
  @MethodSource("turns")
  void noTurnEndsWithASpaceOrHoldsAnEndOfItself(PromptTemplate template) {
    String turn = template.first("  one\r\n\r\n\r\ntwo\n\n\n\nUser: three \n\n", "");
    assertFalse(turn.endsWith(" "));
    String asked = template.hasInput() ? "two\nUser: three" : "one\ntwo\nUser: three";
    assertTrue(turn.contains(asked), turn);
    assertFalse(turn.contains("three \n"), turn);
  }

  @ParameterizedTest
  @MethodSource("turns")
  void whatTheTextEndsWithIsNotWrittenAgain(PromptTemplate template) {
    String turn = template.later("x", "an answer");
    assertTrue(turn.startsWith("\n\n"));
    assertEquals(turn.substring(1), template.later("x", "an answer\n"));
    assertEquals(turn.substring(2), template.later("x", "an answer\n\n"));
    assertEquals(turn.substring(2), template.later("x", "an answer\n\n\n"));
  }

  @Test
  void bracesInATextAreText() {
    assertEquals(
        "Instruction: {input} $1\n\nInput: {text}\\\n\nResponse:",
        of("instruct").first("{input} $1\n\n{text}\\", ""));
  }

  @Test
  void aSystemTextNeedsAPlace() {
    for (PromptTemplate template : all()) {
      if (template.hasSystem()) {
        assertTrue(template.first("x", "S\n\nT").contains("S\nT\n\n"), template.id());
      } else {
        var refused = assertThrows(IllegalArgumentException.class, () -> template.first("x", "S"));
        assertTrue(refused.getMessage().contains(template.id()), refused.getMessage());
      }
      assertEquals(template.first("x", ""), template.first("x", " \n"));
    }
  }

  @Test
  void idsAreWords() {
    Set<String> ids = new HashSet<>();
    for (PromptTemplate template : all()) {
      assertTrue(template.id().matches("[a-z0-9-]+"), template.id());
      assertTrue(ids.add(template.id()), template.id());
      assertTrue(PromptTemplates.ids().contains(template.id()));
    }
    assertTrue(PromptTemplates.find("Chat").isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "65536, RWKV-x060-World-1B6-v2.1-20240328-ctx4096.pth, chat",
    "65536, rwkv7-g1-0.1b-20250307-ctx4096.pth, g1-fake-think",
    "65536, rwkv7-g1d-0.1b.gguf, g1-fake-think",
    "65529, rwkv7-G1a3-0.4b.gguf, g1-fake-think",
    "65536, big1.pth, chat",
    "50277, RWKV-4-Raven-7B-v12.pth, raven",
    "50277, RWKV-4-Pile-169M.pth, plain",
    "50304, raven.pth, plain",
    "61, g1.pth, plain",
  })
  void theVocabularySuggestsATemplateAndTheNameOnlyAVariant(
      int vocabulary, String name, String expected) {
    assertEquals(expected, PromptTemplates.suggested(vocabulary, Path.of("g1", name)).id());
  }
}
