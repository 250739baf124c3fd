package rwkv.app;

import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyCombination.Modifier;
import javafx.scene.input.KeyEvent;

/** What keys do, for the keyboard and for the sheet that lists them. */
enum Shortcut {
  OPEN("Open a model", key(KeyCode.O), "Ctrl+O"),
  GENERATE("Generate or continue", key(KeyCode.ENTER), "Ctrl+Enter"),
  TOGGLE("Generate or pause", plain(KeyCode.SPACE), "Space"),
  STEP("Make one token", plain(KeyCode.PERIOD), "."),
  STOP("Stop", key(KeyCode.PERIOD), "Ctrl+."),
  RESET("Clear text and state", key(KeyCode.R), "Ctrl+R"),
  PROMPT("Write the prompt", key(KeyCode.L), "Ctrl+L"),
  FASTER("Faster", key(KeyCode.UP), "Ctrl+↑"),
  SLOWER("Slower", key(KeyCode.DOWN), "Ctrl+↓"),
  EXPLORE("Explore", key(KeyCode.E), "Ctrl+E"),
  CHAT("Chat", key(KeyCode.K), "Ctrl+K"),
  TENSORS("Tensors of the file", key(KeyCode.B), "Ctrl+B"),
  FIND("Find tensors", key(KeyCode.F), "Ctrl+F"),
  DECAY_LAB("Decay lab", key(KeyCode.D), "Ctrl+D"),
  PLUGINS("Plugins", key(KeyCode.U), "Ctrl+U"),
  PROBES("Probes", key(KeyCode.P), "Ctrl+P"),
  CARD("Model card", key(KeyCode.I), "Ctrl+I"),
  PANE_TEXT("Pane: text", key(KeyCode.DIGIT1), "Ctrl+1"),
  PANE_WALL("Pane: state wall", key(KeyCode.DIGIT2), "Ctrl+2"),
  PANE_HEAD("Pane: head", key(KeyCode.DIGIT3), "Ctrl+3"),
  PANE_DECAY("Pane: decay curves", key(KeyCode.DIGIT4), "Ctrl+4"),
  THEME("Light or dark", key(KeyCode.T), "Ctrl+T"),
  HELP("This sheet", plain(KeyCode.F1), "F1"),
  QUIT("Quit", key(KeyCode.Q), "Ctrl+Q");

  private final String does;
  private final KeyCodeCombination keys;
  private final String shown;

  Shortcut(String does, KeyCodeCombination keys, String shown) {
    this.does = does;
    this.keys = keys;
    this.shown = shown;
  }

  String does() {
    return does;
  }

  /** As on the keyboard. */
  String shown() {
    return shown;
  }

  boolean matches(KeyEvent event) {
    return keys.match(event);
  }

  /** Whether a text editor needs the key itself. */
  boolean belongsToText() {
    return keys.getShortcut() == KeyCombination.ModifierValue.UP && keys.getCode() != KeyCode.F1;
  }

  private static KeyCodeCombination key(KeyCode code) {
    return new KeyCodeCombination(code, KeyCombination.SHORTCUT_DOWN);
  }

  private static KeyCodeCombination plain(KeyCode code) {
    return new KeyCodeCombination(code, new Modifier[0]);
  }
}
