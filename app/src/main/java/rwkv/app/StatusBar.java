package rwkv.app;

import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

/** Below everything: speed, sizes and the last message. */
public final class StatusBar extends HBox {

  private final Label speed = number("statusSpeed");
  private final Label state = number("statusState");
  private final Label memory = number("statusMemory");
  private final Label skipped = number("statusSkipped");
  private final SkippedBars bars = new SkippedBars(skipped);
  private final Label message = new Label();

  public StatusBar() {
    getStyleClass().add("status-bar");
    speed.setTooltip(new Tooltip("Tokens generated per second, measured by the engine"));
    state.setTooltip(
        new Tooltip(
            "Memory of this sequence. The state stays as large as it is; the key-value cache of a\n"
                + "transformer with as many layers and channels, in f16, grows with every token."));
    memory.setTooltip(new Tooltip("Java heap in use; mapped weights are not counted"));
    message.setId("statusMessage");
    message.setMinWidth(0);
    message.getStyleClass().add("status-message");
    Region gap = new Region();
    HBox.setHgrow(gap, Priority.ALWAYS);
    getChildren().addAll(speed, state, memory, bars, gap, message);
  }

  void bind(WorkbenchViewModel workbench, FxBridge bridge, SkippedViewModel share) {
    StatusViewModel status = new StatusViewModel(workbench);
    speed.textProperty().bind(status.speedProperty());
    state.textProperty().bind(status.stateProperty());
    memory.textProperty().bind(status.memoryProperty());
    skipped.textProperty().bind(share.textProperty());
    bars.bind(share);
    message.textProperty().bind(workbench.messages().newsProperty());
    bridge.regularly(1, status::measureMemory);
  }

  private static Label number(String id) {
    Label label = new Label();
    label.setId(id);
    label.setMinWidth(Region.USE_PREF_SIZE);
    label.getStyleClass().add("status-number");
    return label;
  }
}
