package rwkv.app;

import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.ComboBoxBase;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import rwkv.app.generate.GenerateViewModel;
import rwkv.app.generate.Pace;
import rwkv.app.theme.Theme;

/** Carries out the shortcuts, wherever the focus is. */
final class Keyboard {

  private final Scene scene;
  private final WorkbenchViewModel workbench;
  private final MainWindow window;

  private Keyboard(Scene scene, WorkbenchViewModel workbench, MainWindow window) {
    this.scene = scene;
    this.workbench = workbench;
    this.window = window;
  }

  static void install(Scene scene, WorkbenchViewModel workbench, MainWindow window) {
    Keyboard keyboard = new Keyboard(scene, workbench, window);
    scene.addEventFilter(KeyEvent.KEY_PRESSED, keyboard::pressed);
  }

  private void pressed(KeyEvent event) {
    for (Shortcut shortcut : Shortcut.values()) {
      if (shortcut.matches(event) && !isNeeded(shortcut, event)) {
        event.consume();
        carryOut(shortcut);
        return;
      }
    }
    if (event.getCode() == KeyCode.ESCAPE && window.hideSheets()) {
      event.consume();
    }
  }

  /** Whether what has the focus needs the key itself. */
  private boolean isNeeded(Shortcut shortcut, KeyEvent event) {
    Node owner = scene.getFocusOwner();
    if (!shortcut.belongsToText()) {
      return false;
    }
    boolean button = owner instanceof ButtonBase || owner instanceof ComboBoxBase<?>;
    return owner instanceof TextInputControl
        || event.getCode() == KeyCode.SPACE && button && owner.isFocusVisible();
  }

  /** In a talk, running and stopping is about its turns; tells whether that was all. */
  private boolean inTalk(Shortcut shortcut) {
    if (workbench.activityProperty().get() != Activity.CHAT) {
      return false;
    }
    switch (shortcut) {
      case GENERATE -> workbench.chat().send();
      case TOGGLE, STEP, STOP -> workbench.chat().stop();
      case RESET -> workbench.chat().clear();
      case PROMPT -> window.explore().chat().focusDraft();
      default -> {
        return false;
      }
    }
    return true;
  }

  private void carryOut(Shortcut shortcut) {
    if (inTalk(shortcut)) {
      return;
    }
    GenerateViewModel generate = workbench.generate();
    switch (shortcut) {
      case OPEN -> window.chooseFile();
      case GENERATE -> generate.generate();
      case TOGGLE -> generate.toggle();
      case STEP -> generate.step();
      case STOP -> generate.stop();
      case RESET -> generate.reset();
      case PROMPT -> {
        workbench.activityProperty().set(Activity.EXPLORE);
        workbench.shown(Pane.TEXT).set(true);
        window.explore().text().focusPrompt();
      }
      case FASTER -> generate.paceProperty().set(Pace.next(generate.paceProperty().get(), true));
      case SLOWER -> generate.paceProperty().set(Pace.next(generate.paceProperty().get(), false));
      case EXPLORE -> workbench.activityProperty().set(Activity.EXPLORE);
      case CHAT -> {
        workbench.activityProperty().set(Activity.CHAT);
        window.explore().chat().focusDraft();
      }
      case TENSORS -> workbench.activityProperty().set(Activity.TENSORS);
      case FIND -> {
        workbench.activityProperty().set(Activity.TENSORS);
        window.tensors().focusFilter();
      }
      case DECAY_LAB -> workbench.activityProperty().set(Activity.DECAY_LAB);
      case PLUGINS -> workbench.activityProperty().set(Activity.PLUGINS);
      case PROBES -> workbench.activityProperty().set(Activity.PROBES);
      case CARD -> workbench.activityProperty().set(Activity.CARD);
      case PANE_TEXT -> workbench.toggle(Pane.TEXT);
      case PANE_WALL -> workbench.toggle(Pane.WALL);
      case PANE_HEAD -> workbench.toggle(Pane.HEAD);
      case PANE_DECAY -> workbench.toggle(Pane.DECAY);
      case THEME -> {
        Theme next = workbench.themeProperty().get().other();
        workbench.themeProperty().set(next);
      }
      case HELP -> window.toggleHelp();
      case QUIT -> FxBridge.exit();
    }
  }
}
