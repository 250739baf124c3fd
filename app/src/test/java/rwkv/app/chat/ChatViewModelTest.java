package rwkv.app.chat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rwkv.app.chat.ChatTurn.Kind;
import rwkv.app.generate.GenerateViewModel;
import rwkv.app.message.Messages;
import rwkv.app.open.FakeModel;
import rwkv.app.open.FakePort;
import rwkv.app.prompt.AnswerStop;
import rwkv.app.prompt.PromptTemplates;
import rwkv.app.prompt.Words;
import rwkv.engine.model.StateSnapshot;
import rwkv.engine.session.Command;
import rwkv.engine.session.Event;
import rwkv.engine.session.Event.Activity;
import rwkv.engine.session.Event.Dynamics;
import rwkv.engine.session.Event.End;
import rwkv.engine.session.Event.Prediction;

class ChatViewModelTest {

  private final Words words = Words.of();
  private final FakePort port = new FakePort();
  private final GenerateViewModel generate = new GenerateViewModel(new Messages());
  private final ChatViewModel chat = new ChatViewModel(generate);

  @BeforeEach
  void open() {
    generate.attach(port, words, words.vocabularySize());
    chat.open(new FakeModel(Path.of("goose.pth")));
    use("chat");
    port.take();
  }

  private void use(String template) {
    chat.templateProperty().set(PromptTemplates.find(template).orElseThrow());
  }

  private void accept(Event event) {
    generate.accept(event);
    chat.accept(event);
  }

  private void tokens(String text, boolean drawn) {
    for (int token : words.encode(text)) {
      int position = generate.positionProperty().get();
      accept(new Event.Token(position, token, drawn, Prediction.NONE, Dynamics.NONE));
    }
  }

  private void status(Activity activity, End end) {
    accept(new Event.Status(activity, generate.positionProperty().get(), end));
  }

  private int[] ask(String text) {
    chat.draftProperty().set(text);
    chat.send();
    Command.Feed feed = assertInstanceOf(Command.Feed.class, port.take().getLast());
    assertInstanceOf(AnswerStop.class, feed.stop());
    status(Activity.READING, End.NONE);
    tokens(words.decode(feed.tokens()), false);
    status(Activity.GENERATING, End.NONE);
    return feed.tokens();
  }

  private void answer(String text) {
    tokens(text, true);
    status(Activity.IDLE, End.STOPPED);
  }

  private ChatTurn last() {
    return chat.turns().getLast();
  }

  @Test
  void aTurnIsReadAndItsAnswerShownWhileItIsMade() {
    assertArrayEquals(words.encode("User: Hi\n\nAssistant:"), ask(" Hi \n"));
    assertEquals("", chat.draftProperty().get());
    assertEquals(
        List.of("User", "Assistant"), chat.turns().stream().map(ChatTurn::speaker).toList());
    assertEquals("Hi", chat.turns().getFirst().textProperty().get());
    assertTrue(last().openProperty().get());
    tokens(" Hello", true);
    assertEquals("Hello", last().textProperty().get());
    tokens("\n\nUse", true);
    assertEquals("Hello", last().textProperty().get(), "it may be a stop sequence");
    accept(new Event.Returned(generate.positionProperty().get() - 5));
    status(Activity.IDLE, End.STOPPED);
    assertEquals("Hello", last().textProperty().get());
    assertFalse(last().openProperty().get());
  }

  @Test
  void onlyWhatIsNewIsFed() {
    ask("Hi");
    answer(" Hello.");
    assertArrayEquals(words.encode("\n\nUser: And?\n\nAssistant:"), ask("And?"));
    int read = "\n\nUser: And?\n\nAssistant:".length();
    assertTrue(
        chat.stateProperty()
            .get()
            .endsWith("the last turn read " + read + ", nothing is fed again."),
        chat.stateProperty().get());
    assertTrue(
        chat.stateProperty().get().contains(generate.positionProperty().get() + " tokens"),
        chat.stateProperty().get());
  }

  @Test
  void theSystemTextComesBeforeTheFirstTurnOnly() {
    chat.systemProperty().set("Be kind.");
    assertTrue(chat.takesSystem().get());
    assertArrayEquals(words.encode("System: Be kind.\n\nUser: Hi\n\nAssistant:"), ask("Hi"));
    assertFalse(chat.takesSystem().get());
    answer(".");
    assertArrayEquals(words.encode("\n\nUser: Hi\n\nAssistant:"), ask("Hi"));
    chat.clear();
    use("qa");
    assertFalse(chat.takesSystem().get());
    assertArrayEquals(words.encode("\nQ: Hi\n\nA:"), ask("Hi"));
  }

  @Test
  void aThoughtIsToldFromWhatIsSaid() {
    use("g1-think");
    ask("Why?");
    tokens(">Because", true);
    assertEquals("Because", last().thoughtProperty().get());
    assertEquals("", last().textProperty().get());
    answer(".</think>\nSo.");
    assertEquals("Because.", last().thoughtProperty().get());
    assertEquals("So.", last().textProperty().get());
    assertEquals("User: Why?\n\nAssistant: <think>\nBecause.\n</think>\n\nSo.\n", chat.text());
  }

  @Test
  void anAnswerIsDrawnAgainWithTheNextSeed() {
    assertFalse(chat.canRepeat().get());
    ask("Hi");
    int before = generate.positionProperty().get();
    assertFalse(chat.canRepeat().get());
    answer(" Hello");
    assertTrue(chat.canRepeat().get());
    long seed = generate.sampler().seed().value();
    chat.repeat();
    List<Command> commands = port.take();
    assertEquals(seed + 1, ((Command.Sample) commands.getFirst()).settings().seed());
    assertInstanceOf(Command.Again.class, commands.getLast());
    assertEquals("", last().textProperty().get());
    accept(new Event.Returned(before));
    status(Activity.GENERATING, End.NONE);
    answer(" Howdy");
    assertEquals("Howdy", last().textProperty().get());
    assertEquals(2, chat.turns().size());
  }

  @Test
  void whatExploreReadsIsToldAndNotHidden() {
    ask("Hi");
    answer(" Hello");
    tokens(" there", true);
    assertEquals("Hello there", last().textProperty().get(), "Explore has continued the answer");
    tokens(" or", false);
    tokens(" else", true);
    assertEquals(Kind.ELSEWHERE, last().kind());
    assertEquals("8 tokens in Explore", last().textProperty().get());
    assertFalse(chat.canRepeat().get());
    accept(new Event.Returned(generate.positionProperty().get() - 5));
    assertEquals("3 tokens in Explore", last().textProperty().get());
    ask("Yes?");
    answer(" No.");
    assertEquals(5, chat.turns().size());
    assertEquals("No.", last().textProperty().get());
  }

  @Test
  void anEmptyStateIsANewTalk() {
    ask("Hi");
    answer(" Hello");
    accept(new Event.Restarted(new StateSnapshot(List.of(), new float[0][][])));
    assertTrue(chat.turns().isEmpty());
  }

  @Test
  void aTurnAfterAStopSurvivesTheResetBeforeIt() {
    ask("Hi");
    answer(" Hello");
    generate.stop();
    chat.draftProperty().set("New");
    chat.send();
    List<Command> commands = port.take();
    assertInstanceOf(Command.Reset.class, commands.get(1));
    assertInstanceOf(Command.Feed.class, commands.get(2));
    status(Activity.IDLE, End.PAUSED);
    accept(new Event.Restarted(new StateSnapshot(List.of(), new float[0][][])));
    status(Activity.IDLE, End.NONE);
    assertEquals(2, chat.turns().size());
    status(Activity.READING, End.NONE);
    tokens("User: New\n\nAssistant:", false);
    answer(" Fine");
    assertEquals("Fine", last().textProperty().get());
  }

  @Test
  void aNewChatEmptiesTheState() {
    ask("Hi");
    chat.clear();
    List<Command> commands = port.take();
    assertInstanceOf(Command.Reset.class, commands.getLast());
    assertTrue(chat.turns().isEmpty());
  }

  @Test
  void stoppingKeepsWhatIsThere() {
    ask("Hi");
    tokens(" Hel\n", true);
    chat.stop();
    assertEquals(List.of(new Command.Pause()), port.take());
    status(Activity.IDLE, End.PAUSED);
    assertEquals("Hel\n", last().textProperty().get());
    assertFalse(last().openProperty().get());
  }

  @Test
  void aTurnThatCannotBeReadIsKept() {
    generate.attach(port, words, 60);
    port.take();
    chat.draftProperty().set("Hi");
    chat.send();
    assertTrue(port.take().isEmpty());
    assertTrue(chat.problemProperty().get().contains("60 tokens"), chat.problemProperty().get());
    assertEquals("Hi", chat.draftProperty().get());
    assertTrue(chat.turns().isEmpty());
    chat.draftProperty().set("Hi!");
    assertEquals("", chat.problemProperty().get());
  }

  @Test
  void nothingIsSentWhileAnAnswerIsMadeOrNothingIsTyped() {
    chat.draftProperty().set(" \n");
    chat.send();
    assertTrue(port.take().isEmpty());
    ask("Hi");
    chat.draftProperty().set("more");
    chat.send();
    assertTrue(port.take().isEmpty());
    assertEquals("more", chat.draftProperty().get());
  }

  @Test
  void theTemplateIsRememberedForEachModel() {
    assertEquals(Map.of("goose", "chat"), chat.chosen());
    chat.open(new FakeModel(Path.of("other.pth")));
    assertEquals("plain", chat.templateProperty().get().id());
    use("qa");
    chat.open(new FakeModel(Path.of("goose.pth")));
    assertEquals("chat", chat.templateProperty().get().id());
    assertEquals(Map.of("goose", "chat", "other", "qa"), chat.chosen());
    chat.remember(Map.of("goose", "no such", "x", "raven"));
    assertEquals("chat", chat.templateProperty().get().id());
  }

  @Test
  void withoutAModelNothingIsSaid() {
    generate.attach(null, null, 0);
    chat.open(null);
    chat.draftProperty().set("Hi");
    chat.send();
    assertTrue(chat.turns().isEmpty());
    assertEquals("", chat.stateProperty().get());
  }
}
