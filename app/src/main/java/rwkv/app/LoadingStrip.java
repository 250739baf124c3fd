package rwkv.app;

import javafx.beans.binding.Bindings;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import rwkv.app.open.OpenViewModel;

/** While a model is being loaded: which, how far, and a way out. */
public final class LoadingStrip extends HBox {

  private final Label text = new Label();
  private final ProgressBar bar = new ProgressBar();
  private final Button cancel = new Button("Cancel");

  public LoadingStrip() {
    getStyleClass().add("loading-strip");
    setId("loading");
    bar.setMaxWidth(Double.MAX_VALUE);
    bar.getStyleClass().add("medium");
    cancel.setId("cancelLoading");
    cancel.getStyleClass().add("small");
    HBox.setHgrow(bar, Priority.ALWAYS);
    getChildren().addAll(text, bar, cancel);
    managedProperty().bind(visibleProperty());
  }

  void bind(OpenViewModel open) {
    visibleProperty().bind(open.loadingProperty());
    text.textProperty()
        .bind(
            Bindings.format(
                "Loading %s   %.0f %%",
                open.loadingNameProperty(), open.progressProperty().multiply(100)));
    bar.progressProperty().bind(open.progressProperty());
    cancel.setOnAction(_ -> open.cancel());
  }
}
