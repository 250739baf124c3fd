package rwkv.app.message;

import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import rwkv.app.message.Messages.Remedy;

/** A strip that shows the last problem until it is dismissed. */
public final class Banner extends HBox {

  private final Label text = new Label();
  private final HBox remedies = new HBox();
  private final Button dismiss = new Button();

  public Banner() {
    getStyleClass().add("banner");
    setId("banner");
    text.setWrapText(true);
    text.setMaxWidth(Double.MAX_VALUE);
    text.setMinHeight(USE_PREF_SIZE);
    text.setId("bannerText");
    HBox.setHgrow(text, Priority.ALWAYS);
    remedies.setId("remedies");
    remedies.getStyleClass().add("remedies");
    remedies.setMinWidth(USE_PREF_SIZE);
    dismiss.setGraphic(new FontIcon(Feather.X));
    dismiss.getStyleClass().addAll("flat", "small-icon");
    dismiss.setAccessibleText("Dismiss this message");
    dismiss.setId("dismissBanner");
    getChildren().addAll(new FontIcon(Feather.ALERT_TRIANGLE), text, remedies, dismiss);
    managedProperty().bind(visibleProperty());
  }

  /** Shows what {@code messages} says from now on. */
  public void bind(Messages messages) {
    text.textProperty().bind(messages.problemProperty());
    accessibleTextProperty().bind(messages.problemProperty());
    visibleProperty().bind(messages.problemProperty().isNotEmpty());
    messages
        .remediesProperty()
        .subscribe(offered ->
            remedies
                .getChildren()
                .setAll(offered.stream().map(remedy -> button(remedy, messages)).toList()));
    dismiss.setOnAction(_ -> messages.dismiss());
  }

  private static Button button(Remedy remedy, Messages messages) {
    Button button = new Button(remedy.label());
    button.getStyleClass().add("small");
    button.setMinWidth(USE_PREF_SIZE);
    button.setOnAction(_ -> {
      messages.dismiss();
      remedy.action().run();
    });
    return button;
  }
}
