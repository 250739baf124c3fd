package rwkv.app.generate;

import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.control.TextArea;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import rwkv.app.generate.GenerateViewModel.Phase;
import rwkv.app.theme.Fxml;

/** The text pane: transcript, prompt editor and controls. */
public final class GeneratePane extends VBox {

  private static final KeyCombination RUN =
      new KeyCodeCombination(KeyCode.ENTER, KeyCombination.SHORTCUT_DOWN);

  @FXML private TranscriptView transcript;
  @FXML private Label emptyHint;
  @FXML private TemplateChoice template;
  @FXML private TextArea prompt;
  @FXML private Label promptProblem;
  @FXML private Button generate;
  @FXML private FontIcon generateIcon;
  @FXML private Button step;
  @FXML private Button stop;
  @FXML private Button reset;
  @FXML private Slider pace;
  @FXML private Label paceText;
  @FXML private ToggleButton samplerToggle;
  @FXML private SamplerPane sampler;
  private boolean following;

  public GeneratePane() {
    Fxml.load(this);
    sampler.visibleProperty().bind(samplerToggle.selectedProperty());
    sampler.managedProperty().bind(samplerToggle.selectedProperty());
    promptProblem.managedProperty().bind(promptProblem.visibleProperty());
    promptProblem.visibleProperty().bind(promptProblem.textProperty().isNotEmpty());
  }

  /** Controls a session from now on. */
  public void bind(GenerateViewModel viewModel) {
    transcript.bind(viewModel);
    emptyHint
        .visibleProperty()
        .bind(
            viewModel.transcript().versionProperty().map(_ -> viewModel.transcript().size() == 0));
    prompt.textProperty().bindBidirectional(viewModel.promptProperty());
    prompt.addEventFilter(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (RUN.match(event)) {
            viewModel.generate();
            event.consume();
          }
        });
    template.valueProperty().bindBidirectional(viewModel.templateProperty());
    promptProblem.textProperty().bind(viewModel.promptProblemProperty());
    bindButtons(viewModel);
    bindPace(viewModel);
    sampler.bind(viewModel.sampler());
    samplerToggle.textProperty().bind(viewModel.sampler().summaryProperty());
  }

  /** Whether the sampler's fields are shown. */
  public ToggleButton samplerToggle() {
    return samplerToggle;
  }

  /** Puts the cursor into the prompt editor. */
  public void focusPrompt() {
    prompt.requestFocus();
    prompt.end();
  }

  private void bindButtons(GenerateViewModel viewModel) {
    generate.setOnAction(_ -> viewModel.toggle());
    generate.disableProperty().bind(viewModel.ready().or(viewModel.running()).not());
    viewModel.phaseProperty().subscribe(phase -> show(phase == Phase.RUNNING));
    step.setOnAction(_ -> viewModel.step());
    step.disableProperty().bind(viewModel.ready().not());
    stop.setOnAction(_ -> viewModel.stop());
    stop.disableProperty().bind(viewModel.underWay().not());
    reset.setOnAction(_ -> viewModel.reset());
    reset.disableProperty().bind(viewModel.underWay().not());
  }

  private void show(boolean running) {
    generate.setText(running ? "Pause" : "Generate");
    generateIcon.setIconCode(running ? Feather.PAUSE : Feather.PLAY);
  }

  private void bindPace(GenerateViewModel viewModel) {
    viewModel
        .paceProperty()
        .subscribe(value -> {
          paceText.setText(Pace.text(value.doubleValue()));
          if (!following) {
            pace.setValue(Pace.position(value.doubleValue()));
          }
        });
    pace.valueProperty()
        .subscribe(position -> {
          double speed = Pace.at(position.doubleValue());
          if (Math.abs(Pace.position(viewModel.paceProperty().get()) - position.doubleValue())
              > 1e-9) {
            following = true;
            viewModel.paceProperty().set(speed);
            following = false;
          }
        });
    pace.addEventFilter(
        KeyEvent.KEY_PRESSED,
        event -> {
          boolean faster = event.getCode() == KeyCode.RIGHT || event.getCode() == KeyCode.UP;
          boolean slower = event.getCode() == KeyCode.LEFT || event.getCode() == KeyCode.DOWN;
          if (faster || slower) {
            viewModel.paceProperty().set(Pace.next(viewModel.paceProperty().get(), faster));
            event.consume();
          }
        });
  }
}
