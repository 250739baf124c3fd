package rwkv.app;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import rwkv.app.message.Sentence;
import rwkv.app.open.InitialState;
import rwkv.app.open.OpenModel;
import rwkv.app.open.Opened;
import rwkv.app.open.SessionPort;
import rwkv.app.open.TokenizerChoice;
import rwkv.engine.backend.DeviceException;
import rwkv.engine.session.Command;
import rwkv.engine.session.Event;
import rwkv.engine.session.StateLayout;

/**
 * Keeps a session running on the open model and carries its events and pictures to the views.
 * Another model or tokenizer means another session; the old one is ended in the background.
 */
final class SessionLink {

  private final WorkbenchViewModel workbench;
  private final FxBridge bridge;
  private final Pictures pictures;
  private final Executor background;
  private final List<FxBridge.Lane> lanes = new ArrayList<>();
  private @Nullable SessionPort port;
  private @Nullable OpenModel model;

  SessionLink(
      WorkbenchViewModel workbench, FxBridge bridge, Pictures pictures, Executor background) {
    this.workbench = workbench;
    this.bridge = bridge;
    this.pictures = pictures;
    this.background = background;
  }

  /** Follows the open model from now on. */
  void begin() {
    workbench.open().openedProperty().subscribe(this::connect);
    workbench.open().initialStateProperty().subscribe((before, now) -> beginWith(now));
    workbench.open().movingProperty().subscribe(workbench.generate()::hold);
    workbench.place().placeProperty().subscribe(_ -> watch());
    for (Pane pane : Pane.values()) {
      workbench.shown(pane).subscribe(_ -> watch());
    }
  }

  private void connect(@Nullable Opened opened) {
    disconnect();
    if (opened != null && opened.goesOn()) {
      goOn(opened);
      return;
    }
    if (opened == null) {
      workbench.generate().attach(null, null, 0);
      workbench.chat().open(null);
      return;
    }
    OpenModel next = opened.model();
    TokenizerChoice tokenizer = opened.tokenizer();
    if (next != model) {
      model = next;
      workbench.place().bounds(next.spec().layers(), StateLayout.of(next.spec()).groups());
      pictures.open(next.spec(), next.name());
    } else {
      pictures.restart();
    }
    SessionPort started = start(next, tokenizer);
    workbench
        .generate()
        .attach(
            started, tokenizer == null ? null : tokenizer.tokenizer(), next.spec().vocabulary());
    workbench.chat().open(next);
    beginWith(workbench.open().initialStateProperty().get());
    follow(started);
  }

  /** The same text and pictures, with a session on another device. */
  private void goOn(Opened opened) {
    model = opened.model();
    SessionPort started = start(opened.model(), opened.tokenizer());
    workbench.generate().goOn(started);
    workbench.chat().goOn();
    follow(started);
  }

  private void follow(@Nullable SessionPort started) {
    if (started != null) {
      lanes.add(bridge.latest(() -> started.frames().take(), pictures::show));
    }
    watch();
  }

  private @Nullable SessionPort start(OpenModel next, @Nullable TokenizerChoice tokenizer) {
    int endOfText = tokenizer == null ? -1 : tokenizer.tokenizer().endOfText();
    Sink sink = new Sink();
    lanes.add(bridge.<Event>every(this::accept, target -> sink.target = target));
    try {
      SessionPort started = next.start(endOfText, event -> sink.target.accept(event));
      port = started;
      workbench.open().runs(started);
      return started;
    } catch (DeviceException e) {
      workbench.open().deviceFailed("No session could be started: " + e.getMessage(), e.isLost());
      return null;
    } catch (RuntimeException | OutOfMemoryError e) {
      workbench.messages().problem("No session could be started: " + Sentence.of(e), e);
      return null;
    }
  }

  private void beginWith(@Nullable InitialState state) {
    OpenModel now = model;
    if (port != null && now != null) {
      port.send(new Command.Begin(state == null ? now.initial() : state.state()));
    }
  }

  private void disconnect() {
    lanes.forEach(FxBridge.Lane::close);
    lanes.clear();
    SessionPort old = port;
    port = null;
    workbench.open().runs(null);
    if (old != null) {
      background.execute(old::close);
    }
  }

  private void accept(Event event) {
    workbench.generate().accept(event);
    workbench.chat().accept(event);
    switch (event) {
      case Event.Token token -> pictures.token(token);
      case Event.Restarted _ -> pictures.restart();
      case Event.Returned(int position) -> pictures.back(position);
      case Event.DeviceFailed(String message, boolean isLost) ->
          workbench.open().deviceFailed(message, isLost);
      default -> {}
    }
  }

  private void watch() {
    if (port != null) {
      port.send(workbench.watch());
    }
  }

  private static final class Sink {
    private volatile Consumer<Event> target = _ -> {};
  }
}
