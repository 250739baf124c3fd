package rwkv.app;

import javafx.beans.property.ObjectProperty;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/** The activities, on the left. */
public final class Rail extends VBox {

  private final ToggleGroup group = new ToggleGroup();

  public Rail() {
    getStyleClass().add("rail");
  }

  void bind(ObjectProperty<Activity> activity) {
    getChildren()
        .addAll(
            button("Explore", Feather.ACTIVITY, "Ctrl+E", Activity.EXPLORE, activity),
            button("Chat", Feather.MESSAGE_SQUARE, "Ctrl+K", Activity.CHAT, activity),
            button("Tensors", Feather.GRID, "Ctrl+B", Activity.TENSORS, activity),
            button("Decay lab", Feather.TRENDING_DOWN, "Ctrl+D", Activity.DECAY_LAB, activity),
            button("Probes", Feather.CROSSHAIR, "Ctrl+P", Activity.PROBES, activity),
            button("Plugins", Feather.PACKAGE, "Ctrl+U", Activity.PLUGINS, activity),
            button("Model", Feather.FILE_TEXT, "Ctrl+I", Activity.CARD, activity));
  }

  private ToggleButton button(
      String title, Feather icon, String keys, Activity mine, ObjectProperty<Activity> activity) {
    ToggleButton button = new ToggleButton(title, new FontIcon(icon));
    button.setId("rail" + title.replace(" ", ""));
    button.setContentDisplay(ContentDisplay.TOP);
    button.setToggleGroup(group);
    button.getStyleClass().add("rail-button");
    button.setTooltip(new Tooltip(title + " (" + keys + ")"));
    button.setMaxWidth(Double.MAX_VALUE);
    activity.subscribe(now -> button.setSelected(now == mine));
    button.setOnAction(_ -> {
      activity.set(mine);
      button.setSelected(true);
    });
    return button;
  }
}
