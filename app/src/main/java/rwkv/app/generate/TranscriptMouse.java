package rwkv.app.generate;

import javafx.scene.Node;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.MenuItem;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import org.jspecify.annotations.Nullable;
import rwkv.app.generate.TextLayout.Run;

/** What a person does with the transcript: points at tokens, selects, copies, scrolls. */
final class TranscriptMouse {

  private final TranscriptView view;
  private final TokenPopup popup = new TokenPopup();
  private final ContextMenu menu = new ContextMenu();
  private @Nullable GenerateViewModel viewModel;
  private int token = -1;
  private int anchor;
  private int caret;

  TranscriptMouse(TranscriptView view) {
    this.view = view;
    MenuItem text = new MenuItem("Copy text");
    text.setOnAction(_ -> copyText());
    MenuItem ids = new MenuItem("Copy tokens as ids");
    ids.setOnAction(_ -> copyIds());
    MenuItem all = new MenuItem("Select all");
    all.setOnAction(_ -> selectAll());
    menu.getItems().addAll(text, ids, all);
  }

  void use(GenerateViewModel other) {
    viewModel = other;
  }

  void install(Node canvas) {
    canvas.addEventHandler(MouseEvent.MOUSE_MOVED, event -> point(event.getX(), event.getY()));
    canvas.addEventHandler(MouseEvent.MOUSE_EXITED, _ -> inspect(-1));
    canvas.addEventHandler(MouseEvent.MOUSE_PRESSED, this::pressed);
    canvas.addEventHandler(MouseEvent.MOUSE_DRAGGED, this::dragged);
    canvas.addEventHandler(ScrollEvent.SCROLL, this::scrolled);
    canvas.setOnContextMenuRequested(
        event -> menu.show(canvas, event.getScreenX(), event.getScreenY()));
    view.addEventHandler(KeyEvent.KEY_PRESSED, this::typed);
    view.focusedProperty()
        .subscribe(focused -> {
          if (!focused) {
            inspect(-1);
          }
        });
  }

  /** The token that is being looked at, or -1. */
  int token() {
    return token;
  }

  int selectionStart() {
    return Math.min(anchor, caret);
  }

  int selectionEnd() {
    return Math.max(anchor, caret);
  }

  /** The text has gone. */
  void forget() {
    anchor = 0;
    caret = 0;
    inspect(-1);
  }

  private void pressed(MouseEvent event) {
    view.requestFocus();
    menu.hide();
    if (event.getButton() == MouseButton.PRIMARY) {
      caret = view.offsetAt(event.getX(), event.getY());
      if (!event.isShiftDown()) {
        anchor = caret;
      }
      Run run = view.runAt(event.getX(), event.getY());
      if (event.getClickCount() == 2 && run != null) {
        anchor = view.transcript().get(run.token()).start();
        caret = view.transcript().get(run.token()).end();
      }
      view.changed();
    }
  }

  private void dragged(MouseEvent event) {
    if (event.getButton() == MouseButton.PRIMARY) {
      inspect(-1);
      caret = view.offsetAt(event.getX(), event.getY());
      if (event.getY() < 0 || event.getY() > view.getHeight()) {
        view.scrollBy(event.getY() < 0 ? -TranscriptView.LINE : TranscriptView.LINE);
      }
      view.changed();
    }
  }

  private void scrolled(ScrollEvent event) {
    inspect(-1);
    view.scrollBy(-event.getDeltaY());
    event.consume();
  }

  private void point(double x, double y) {
    Run run = view.runAt(x, y);
    inspect(run == null ? -1 : run.token());
  }

  private void inspect(int next) {
    if (next == token) {
      return;
    }
    token = next;
    view.changed();
    Run run = next < 0 ? null : view.firstRun(next);
    if (run == null || viewModel == null) {
      popup.hide();
    } else {
      popup.show(view, run, view.topOf(run), next, viewModel);
    }
  }

  private void typed(KeyEvent event) {
    if (event.isShortcutDown()) {
      switch (event.getCode()) {
        case C -> copyText();
        case A -> selectAll();
        default -> {
          return;
        }
      }
    } else {
      switch (event.getCode()) {
        case LEFT -> inspectBy(-1);
        case RIGHT -> inspectBy(1);
        case UP -> view.scrollBy(-TranscriptView.LINE);
        case DOWN -> view.scrollBy(TranscriptView.LINE);
        case PAGE_UP -> view.scrollBy(-view.getHeight() * 0.9);
        case PAGE_DOWN -> view.scrollBy(view.getHeight() * 0.9);
        case HOME -> view.scrollBy(Double.NEGATIVE_INFINITY);
        case END -> view.scrollBy(Double.POSITIVE_INFINITY);
        case ESCAPE -> inspect(-1);
        default -> {
          return;
        }
      }
    }
    event.consume();
  }

  private void inspectBy(int step) {
    int size = view.transcript().size();
    if (size > 0) {
      int next = token < 0 ? size - 1 : Math.clamp(token + step, 0, size - 1);
      view.reveal(next);
      view.layout();
      inspect(next);
    }
  }

  private void selectAll() {
    anchor = 0;
    caret = view.transcript().length();
    view.changed();
  }

  /** The selection, or everything where nothing is selected. */
  private void copyText() {
    copy(view.transcript().text(from(), to()));
  }

  private void copyIds() {
    copy(view.transcript().ids(from(), to()));
  }

  private int from() {
    return anchor == caret ? 0 : selectionStart();
  }

  private int to() {
    return anchor == caret ? view.transcript().length() : selectionEnd();
  }

  private static void copy(String text) {
    ClipboardContent content = new ClipboardContent();
    content.putString(text);
    Clipboard.getSystemClipboard().setContent(content);
  }
}
