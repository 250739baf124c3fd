package rwkv.app.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rwkv.app.generate.GenerateViewModel.Phase;
import rwkv.app.message.Messages;
import rwkv.app.open.FakePort;
import rwkv.app.prompt.AnswerStop;
import rwkv.app.prompt.PromptTemplate;
import rwkv.app.prompt.PromptTemplates;
import rwkv.engine.model.StateSnapshot;
import rwkv.engine.session.Command;
import rwkv.engine.session.Event;
import rwkv.engine.session.Event.Activity;
import rwkv.engine.session.Event.End;
import rwkv.engine.session.StopRule;

class GenerateViewModelTest {

  private static final Command.Generate RUN = new Command.Generate(400);
  private final Letters letters = new Letters();
  private final Messages messages = new Messages();
  private final GenerateViewModel model = new GenerateViewModel(messages);
  private final FakePort port = new FakePort();

  @BeforeEach
  void attach() {
    model.attach(port, letters, 256);
    model.promptProperty().set("ab");
    port.take();
  }

  private void idle(End end) {
    model.accept(new Event.Status(Activity.IDLE, 0, end));
  }

  private void make(String text) {
    for (int token : letters.encode(text)) {
      model.accept(Letters.token(model.transcript().size(), token));
    }
  }

  private String text() {
    return model.transcript().text(0, model.transcript().length());
  }

  private static void assertFeeds(String text, int most, Command command) {
    Command.Feed feed = assertInstanceOf(Command.Feed.class, command);
    assertArrayEquals(new Letters().encode(text), feed.tokens());
    assertEquals(most, feed.generate());
  }

  @Test
  void aSessionIsToldSamplerAndPace() {
    FakePort other = new FakePort();
    model.paceProperty().set(5);
    model.attach(other, letters, 256);
    assertEquals(
        List.of(new Command.Sample(model.sampler().settingsProperty().get()), new Command.Pace(5)),
        other.take());
    model.sampler().seed().textProperty().set("7");
    assertEquals(7, ((Command.Sample) other.take().getFirst()).settings().seed());
  }

  @Test
  void theFirstRunReadsThePromptAndLaterOnesContinue() {
    model.generate();
    List<Command> first = port.take();
    assertEquals(1, first.size());
    assertFeeds("ab", RUN.most(), first.getFirst());
    assertEquals(Phase.RUNNING, model.phaseProperty().get());
    assertEquals("", model.promptProperty().get());
    make("abc");
    idle(End.PAUSED);
    assertEquals(Phase.PAUSED, model.phaseProperty().get());
    model.generate();
    assertEquals(List.of(RUN), port.take());
    assertEquals("abc", text());
  }

  @Test
  void whatIsTypedLaterIsAppended() {
    model.generate();
    idle(End.PAUSED);
    port.take();
    model.promptProperty().set("more");
    model.generate();
    List<Command> commands = port.take();
    assertEquals(1, commands.size());
    assertFeeds("more", RUN.most(), commands.getFirst());
  }

  @Test
  void resetBringsThePromptBack() {
    model.generate();
    idle(End.PAUSED);
    port.take();
    model.reset();
    assertEquals(List.of(new Command.Pause(), new Command.Reset()), port.take());
    model.accept(new Event.Restarted(new StateSnapshot(List.of(), new float[0][][])));
    assertEquals("ab", model.promptProperty().get());
    assertEquals(0, model.transcript().size());
    assertEquals(Phase.START, model.phaseProperty().get());
    assertFalse(model.underWay().get());
  }

  @Test
  void resetKeepsWhatHasBeenTypedSince() {
    model.generate();
    model.promptProperty().set("new");
    model.reset();
    assertEquals("new", model.promptProperty().get());
  }

  @Test
  void stopKeepsTheTextUntilTheNextRunStartsOver() {
    model.generate();
    make("abc");
    port.take();
    model.stop();
    idle(End.PAUSED);
    assertEquals(List.of(new Command.Pause()), port.take());
    assertEquals("abc", text());
    assertEquals(Phase.START, model.phaseProperty().get());
    model.generate();
    List<Command> commands = port.take();
    assertEquals(new Command.Reset(), commands.get(0));
    assertFeeds("ab", RUN.most(), commands.get(1));
  }

  @Test
  void aStepReadsThePromptFirst() {
    model.step();
    List<Command> commands = port.take();
    assertEquals(1, commands.size());
    assertFeeds("ab", 1, commands.getFirst());
    model.step();
    assertTrue(port.take().isEmpty(), "a step is under way");
  }

  @Test
  void textThatCannotBeReadIsKept() {
    model.promptProperty().set("a fox");
    model.generate();
    assertTrue(port.take().isEmpty());
    assertTrue(model.promptProblemProperty().get().contains("no token for 'x'"));
    assertEquals("a fox", model.promptProperty().get());
    assertEquals(Phase.START, model.phaseProperty().get());
    model.promptProperty().set("a fo");
    assertEquals("", model.promptProblemProperty().get());
  }

  @Test
  void tokensThatTheModelDoesNotKnowAreRefused() {
    model.attach(port, letters, 98);
    port.take();
    model.promptProperty().set("abc");
    model.generate();
    assertTrue(port.take().isEmpty());
    assertTrue(model.promptProblemProperty().get().contains("knows only 98"));
  }

  @Test
  void anEmptyPromptBeginsWithTheEndOfText() {
    model.promptProperty().set("");
    model.generate();
    Command.Feed feed = assertInstanceOf(Command.Feed.class, port.take().getFirst());
    assertArrayEquals(new int[] {0}, feed.tokens());
  }

  @Test
  void withoutATokenizerNothingIsSent() {
    model.attach(port, null, 256);
    port.take();
    model.generate();
    assertTrue(port.take().isEmpty());
    assertTrue(model.promptProblemProperty().get().contains("tokenizer"));
  }

  @Test
  void anotherSessionKeepsThePrompt() {
    model.generate();
    make("abc");
    model.attach(new FakePort(), letters, 256);
    assertEquals("ab", model.promptProperty().get());
    assertEquals(0, model.transcript().size());
    assertEquals(Phase.START, model.phaseProperty().get());
  }

  @Test
  void aFailureIsToldAndTheRunIsOver() {
    model.generate();
    model.accept(new Event.Failed("token 7 is bad"));
    assertEquals("token 7 is bad", messages.problemProperty().get());
    assertEquals(Phase.PAUSED, model.phaseProperty().get());
  }

  private static PromptTemplate template(String id) {
    return PromptTemplates.find(id).orElseThrow();
  }

  @Test
  void aTemplateWritesWhatIsTypedAndEndsTheAnswer() {
    model.templateProperty().set(template("chat"));
    model.promptProperty().set("Who?\n\n\nYou? ");
    model.generate();
    Command.Feed feed = assertInstanceOf(Command.Feed.class, port.take().getFirst());
    String first = "User: Who?\nYou?\n\nAssistant:";
    assertArrayEquals(letters.encode(first), feed.tokens());
    assertInstanceOf(AnswerStop.class, feed.stop());
    make(first + " Me.\n");
    idle(End.STOPPED);
    model.promptProperty().set("Why?");
    model.generate();
    feed = assertInstanceOf(Command.Feed.class, port.take().getFirst());
    assertArrayEquals(letters.encode("\nUser: Why?\n\nAssistant:"), feed.tokens());
  }

  @Test
  void aPauseKeepsTheRuleAndAnEndMakesAnother() {
    model.templateProperty().set(template("qa"));
    model.generate();
    StopRule rule = ((Command.Feed) port.take().getFirst()).stop();
    idle(End.PAUSED);
    model.step();
    assertEquals(List.of(new Command.Step(rule)), port.take());
    idle(End.ENOUGH);
    model.generate();
    assertEquals(List.of(new Command.Generate(RUN.most(), rule)), port.take());
    idle(End.STOPPED);
    model.generate();
    Command.Generate next = assertInstanceOf(Command.Generate.class, port.take().getFirst());
    assertInstanceOf(AnswerStop.class, next.stop());
    assertNotSame(rule, next.stop());
  }

  @Test
  void whatIsTakenBackLeavesTheTranscript() {
    model.generate();
    make("abc");
    model.accept(new Event.Returned(2));
    assertEquals("ab", text());
    assertEquals(2, model.positionProperty().get());
  }

  @Test
  void withNothingTypedATextBeginsAnew() {
    model.templateProperty().set(template("chat"));
    model.promptProperty().set(" ");
    model.generate();
    Command.Feed feed = assertInstanceOf(Command.Feed.class, port.take().getFirst());
    assertArrayEquals(new int[] {0}, feed.tokens());
  }
}
