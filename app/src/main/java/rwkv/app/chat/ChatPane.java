package rwkv.app.chat;

import java.util.ArrayList;
import java.util.List;
import javafx.collections.ListChangeListener;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import rwkv.app.generate.GenerateViewModel;
import rwkv.app.generate.GenerateViewModel.Phase;
import rwkv.app.generate.Pace;
import rwkv.app.generate.TemplateChoice;
import rwkv.app.theme.Fxml;

/** The talk: its turns, and where the next one is typed. */
public final class ChatPane extends VBox {

  @FXML private TemplateChoice template;
  @FXML private Button copy;
  @FXML private Button clear;
  @FXML private TextField system;
  @FXML private ScrollPane scroll;
  @FXML private VBox turns;
  @FXML private Label emptyHint;
  @FXML private Label state;
  @FXML private Label drawing;
  @FXML private TextArea draft;
  @FXML private Label problem;
  @FXML private Button send;
  @FXML private FontIcon sendIcon;
  @FXML private Button again;
  private boolean following = true;
  private boolean adjusting;

  public ChatPane() {
    Fxml.load(this);
    system.managedProperty().bind(system.visibleProperty());
    problem.managedProperty().bind(problem.visibleProperty());
    problem.visibleProperty().bind(problem.textProperty().isNotEmpty());
    turns.heightProperty().subscribe(_ -> follow());
    scroll.vvalueProperty().subscribe(_ -> scrolled());
  }

  /** Shows a talk from now on. */
  public void bind(ChatViewModel viewModel) {
    template.valueProperty().bindBidirectional(viewModel.templateProperty());
    system.textProperty().bindBidirectional(viewModel.systemProperty());
    system.visibleProperty().bind(viewModel.takesSystem());
    draft.textProperty().bindBidirectional(viewModel.draftProperty());
    problem.textProperty().bind(viewModel.problemProperty());
    state.textProperty().bind(viewModel.stateProperty());
    draft.addEventFilter(KeyEvent.KEY_PRESSED, event -> typed(event, viewModel));
    bindTurns(viewModel);
    bindButtons(viewModel);
    tellDrawing(viewModel.generate());
  }

  /** Puts the cursor where the next turn is typed. */
  public void focusDraft() {
    draft.requestFocus();
    draft.end();
  }

  private void typed(KeyEvent event, ChatViewModel viewModel) {
    if (event.getCode() == KeyCode.ENTER) {
      if (event.isShiftDown()) {
        draft.replaceSelection("\n");
      } else {
        viewModel.send();
      }
      event.consume();
    }
  }

  private void bindTurns(ChatViewModel viewModel) {
    viewModel
        .turns()
        .addListener(
            (ListChangeListener<ChatTurn>)
                change -> {
                  List<Node> shown = turns.getChildren();
                  while (change.next()) {
                    shown
                        .subList(change.getFrom(), change.getFrom() + change.getRemovedSize())
                        .clear();
                    List<Node> added = new ArrayList<>();
                    change.getAddedSubList().forEach(turn -> added.add(new TurnView(turn)));
                    shown.addAll(change.getFrom(), added);
                  }
                  emptyHint.setVisible(shown.isEmpty());
                  following = true;
                  follow();
                });
  }

  private void bindButtons(ChatViewModel viewModel) {
    GenerateViewModel generate = viewModel.generate();
    send.setOnAction(_ -> {
      if (generate.running().get()) {
        viewModel.stop();
      } else {
        viewModel.send();
      }
    });
    generate.phaseProperty().subscribe(phase -> show(phase == Phase.RUNNING));
    send.disableProperty()
        .bind(
            generate
                .running()
                .not()
                .and(generate.ready().not().or(viewModel.draftProperty().isEmpty())));
    again.setOnAction(_ -> viewModel.repeat());
    again.disableProperty().bind(viewModel.canRepeat().not());
    clear.setOnAction(_ -> {
      viewModel.clear();
      focusDraft();
    });
    copy.setOnAction(_ -> TurnView.copy(viewModel.text()));
    copy.disableProperty().bind(emptyHint.visibleProperty());
  }

  private void show(boolean running) {
    send.setText(running ? "Stop" : "Send");
    sendIcon.setIconCode(running ? Feather.SQUARE : Feather.SEND);
  }

  /** How tokens are drawn is set in the text pane; it is told here. */
  private void tellDrawing(GenerateViewModel generate) {
    generate.sampler().summaryProperty().subscribe(_ -> showDrawing(generate));
    generate.paceProperty().subscribe(_ -> showDrawing(generate));
  }

  private void showDrawing(GenerateViewModel generate) {
    drawing.setText(
        generate.sampler().summaryProperty().get()
            + " · "
            + Pace.text(generate.paceProperty().get()));
  }

  private void follow() {
    if (following) {
      adjusting = true;
      scroll.layout();
      scroll.setVvalue(scroll.getVmax());
      adjusting = false;
    }
  }

  private void scrolled() {
    if (!adjusting) {
      following = scroll.getVvalue() >= scroll.getVmax() - 0.001;
    }
  }
}
