package rwkv.app.message;

import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/** A strip that shows the last problem until it is dismissed. */
public final class Banner extends HBox {

  private final Label text = new Label();
  private final Button dismiss = new Button();

  public Banner() {
    getStyleClass().add("banner");
    setId("banner");
    text.setWrapText(true);
    text.setMaxWidth(Double.MAX_VALUE);
    text.setMinHeight(USE_PREF_SIZE);
    text.setId("bannerText");
    HBox.setHgrow(text, Priority.ALWAYS);
    dismiss.setGraphic(new FontIcon(Feather.X));
    dismiss.getStyleClass().addAll("flat", "small-icon");
    dismiss.setAccessibleText("Dismiss this message");
    dismiss.setId("dismissBanner");
    getChildren().addAll(new FontIcon(Feather.ALERT_TRIANGLE), text, dismiss);
    managedProperty().bind(visibleProperty());
  }

  /** Shows what {@code messages} says from now on. */
  public void bind(Messages messages) {
    text.textProperty().bind(messages.problemProperty());
    accessibleTextProperty().bind(messages.problemProperty());
    visibleProperty().bind(messages.problemProperty().isNotEmpty());
    dismiss.setOnAction(_ -> messages.dismiss());
  }
}
