package rwkv.app.chat;

import java.util.Locale;
import javafx.beans.binding.Bindings;
import javafx.css.PseudoClass;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.VBox;
import rwkv.app.chat.ChatTurn.Kind;

/** A block of a talk: who speaks, what was thought, what is said. */
final class TurnView extends VBox {

  private static final PseudoClass EMPTY = PseudoClass.getPseudoClass("empty");

  private static final double WIDEST = 980;

  TurnView(ChatTurn turn) {
    setMaxWidth(WIDEST);
    getStyleClass().addAll("turn", "turn-" + turn.kind().name().toLowerCase(Locale.ROOT));
    if (turn.kind() != Kind.ELSEWHERE) {
      Label speaker = new Label(turn.speaker());
      speaker.getStyleClass().add("turn-speaker");
      getChildren().add(speaker);
    }
    Label thought = words("turn-thought");
    thought.textProperty().bind(turn.thoughtProperty());
    thought.visibleProperty().bind(turn.thoughtProperty().isNotEmpty());
    thought.managedProperty().bind(thought.visibleProperty());
    Label text = words("turn-text");
    text.textProperty()
        .bind(
            Bindings.when(turn.textProperty().isNotEmpty())
                .then(turn.textProperty())
                .otherwise(Bindings.when(turn.openProperty()).then("…").otherwise("(no text)")));
    turn.textProperty().subscribe(now -> text.pseudoClassStateChanged(EMPTY, now.isEmpty()));
    getChildren().addAll(thought, text);
    MenuItem copy = new MenuItem("Copy");
    copy.setOnAction(_ -> copy(turn.textProperty().get()));
    ContextMenu menu = new ContextMenu(copy);
    setOnContextMenuRequested(event -> menu.show(this, event.getScreenX(), event.getScreenY()));
  }

  static void copy(String text) {
    ClipboardContent content = new ClipboardContent();
    content.putString(text);
    Clipboard.getSystemClipboard().setContent(content);
  }

  private static Label words(String style) {
    Label label = new Label();
    label.getStyleClass().add(style);
    label.setWrapText(true);
    label.setMinHeight(USE_PREF_SIZE);
    label.setMaxWidth(Double.MAX_VALUE);
    return label;
  }
}
