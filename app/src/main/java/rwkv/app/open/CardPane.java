package rwkv.app.open;

import static rwkv.app.open.ModelCard.RUNNING_ON;

import java.io.File;
import java.util.List;
import java.util.stream.Collectors;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.fxml.FXML;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.stage.FileChooser;
import javafx.util.StringConverter;
import org.jspecify.annotations.Nullable;
import rwkv.app.device.DeviceMenu;
import rwkv.app.device.DeviceUse;
import rwkv.app.device.DeviceViewModel;
import rwkv.app.open.ModelCard.Fact;
import rwkv.app.open.ModelCard.Section;
import rwkv.app.theme.Fxml;
import rwkv.plugin.TokenizerProvider.Offer;

/** The model card: every fact about the open model, and the choice of its tokenizer. */
public final class CardPane extends ScrollPane {

  @FXML private Label title;
  @FXML private Label summary;
  @FXML private FlowPane sections;
  @FXML private HBox deviceBox;
  @FXML private MenuButton deviceMenu;
  @FXML private HBox tokenizerBox;
  @FXML private ComboBox<Offer> offers;
  private @Nullable OpenViewModel viewModel;
  private List<Section> shown = List.of();
  private ObservableValue<@Nullable DeviceUse> use = new SimpleObjectProperty<>();
  private boolean filling;

  public CardPane() {
    Fxml.load(this);
    offers.setConverter(new OfferText());
  }

  /** Shows the model of {@code open} from now on, and how it uses its device. */
  public void bind(OpenViewModel open, DeviceViewModel devices) {
    viewModel = open;
    use = devices.useProperty();
    DeviceMenu.install(deviceMenu, devices);
    devices.useProperty().subscribe(_ -> refreshDevice());
    open.openedProperty().subscribe(this::refresh);
    open.tokenizer().offersProperty().subscribe(now -> fill(open.openedProperty().get(), now));
    offers
        .valueProperty()
        .subscribe(offer -> {
          if (offer != null && !filling) {
            open.tokenizer().choose(offer);
          }
        });
  }

  private void refresh(@Nullable Opened opened) {
    OpenModel model = opened == null ? null : opened.model();
    TokenizerChoice choice = opened == null ? null : opened.tokenizer();
    title.setText(model == null ? "No model is open" : model.name());
    summary.setText(model == null ? "" : ModelCard.summary(model));
    tokenizerBox.setVisible(model != null);
    deviceBox.setVisible(model != null);
    shown = model == null ? List.of() : ModelCard.of(model, choice, use.getValue());
    sections.getChildren().setAll(shown.stream().map(FactTable::new).toList());
    fill(opened, choice == null ? List.of() : choice.offers());
  }

  /** Replaces that section alone, so that nothing else moves. */
  private void refreshDevice() {
    OpenViewModel open = viewModel;
    Opened opened = open == null ? null : open.openedProperty().get();
    if (opened != null && !shown.isEmpty()) {
      shown = ModelCard.of(opened.model(), opened.tokenizer(), use.getValue());
      sections.getChildren().set(RUNNING_ON, new FactTable(shown.get(RUNNING_ON)));
    }
  }

  private void fill(@Nullable Opened opened, List<Offer> now) {
    TokenizerChoice choice = opened == null ? null : opened.tokenizer();
    filling = true;
    offers.getItems().setAll(now);
    offers.setValue(choice == null ? null : choice.offer());
    filling = false;
  }

  @FXML
  private void copyAll() {
    ClipboardContent content = new ClipboardContent();
    content.putString(
        title.getText()
            + "\n"
            + shown.stream()
                .flatMap(section -> section.facts().stream())
                .map(Fact::text)
                .collect(Collectors.joining("\n", "", "\n")));
    Clipboard.getSystemClipboard().setContent(content);
  }

  @FXML
  private void chooseVocabulary() {
    FileChooser chooser = new FileChooser();
    chooser.setTitle("Choose a vocabulary file");
    File file = chooser.showOpenDialog(getScene().getWindow());
    if (file != null && viewModel != null) {
      viewModel.tokenizer().chooseFile(file.toPath());
    }
  }

  private static final class OfferText extends StringConverter<Offer> {

    @Override
    public String toString(@Nullable Offer offer) {
      return offer == null ? "" : offer.provider() + " · " + offer.reason();
    }

    @Override
    public Offer fromString(String text) {
      throw new UnsupportedOperationException();
    }
  }
}
