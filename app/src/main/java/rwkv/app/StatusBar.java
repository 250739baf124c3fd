package rwkv.app;

import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import rwkv.app.device.DeviceMenu;

/** Below everything: speed, sizes and the last message. */
public final class StatusBar extends HBox {

  /** How often the memory of a device is looked at. */
  private static final double LOOK_SECONDS = 3;

  private final Label speed = number("statusSpeed");
  private final Label state = number("statusState");
  private final Label memory = number("statusMemory");
  private final Label skipped = number("statusSkipped");
  private final MenuButton device = new MenuButton();
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
    device.setId("statusDevice");
    device.setMnemonicParsing(false);
    device.setMinWidth(Region.USE_PREF_SIZE);
    device.getStyleClass().addAll("flat", "small", "status-device");
    device.setAccessibleText("Device");
    getChildren().addAll(speed, state, memory, device, bars, gap, message);
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
    DeviceMenu.install(device, workbench.device());
    Tooltip about = new Tooltip();
    device.setTooltip(about);
    workbench.device().useProperty().subscribe(use -> about.setText(use == null ? "" : use.text()));
    bridge.regularly(LOOK_SECONDS, workbench.device()::look);
  }

  private static Label number(String id) {
    Label label = new Label();
    label.setId(id);
    label.setMinWidth(Region.USE_PREF_SIZE);
    label.getStyleClass().add("status-number");
    return label;
  }
}
