package rwkv.app.decaylab;

import java.util.Locale;
import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import rwkv.app.theme.Fxml;

/** The open model with its own decays and with those of the lab, side by side. */
public final class CompareTab extends VBox {

  @FXML private TextField prompt = new TextField();
  @FXML private TextField most = new TextField();
  @FXML private TextField judged = new TextField();
  @FXML private Button compare = new Button();
  @FXML private Label originalLoss = new Label();
  @FXML private Label changedLoss = new Label();
  @FXML private TextArea original = new TextArea();
  @FXML private TextArea changed = new TextArea();
  @FXML private Label on = new Label();
  @FXML private Label empty = new Label();
  @FXML private VBox result = new VBox();
  @FXML private VBox states = new VBox();
  private final RmsBars bars = new RmsBars();

  CompareTab(DecayLabViewModel model, LabRunViewModel runs) {
    Fxml.load(this);
    prompt.textProperty().bindBidirectional(runs.promptProperty());
    judged.textProperty().bindBidirectional(runs.judgedProperty());
    most.textProperty().bindBidirectional(runs.most().textProperty());
    compare.setOnAction(_ -> runs.compare());
    compare
        .disableProperty()
        .bind(
            runs.openKnownProperty()
                .not()
                .or(runs.openChosenProperty().not())
                .or(runs.job().runningProperty()));
    states.getChildren().add(bars);
    runs.comparisonProperty().subscribe(this::show);
    model
        .subjectProperty()
        .subscribe(subject -> {
          String words =
              subject.isOpen()
                  ? "Compare: both write from the same prompt with the same seed, predict the same"
                      + " text, and show how large their states become."
                  : "A model about to be created has nothing to compare. Choose the open model"
                      + " above.";
          empty.setText(words);
        });
  }

  private void show(@Nullable Comparison found) {
    empty.setVisible(found == null);
    empty.setManaged(found == null);
    result.setVisible(found != null);
    result.setManaged(found != null);
    if (found == null) {
      return;
    }
    original.setText(found.originalText());
    changed.setText(found.changedText());
    String of =
        found.isOwnText()
            ? "prompt and the original's own text, %d tokens".formatted(found.judged())
            : "the given text, %d tokens".formatted(found.judged());
    on.setText("Loss on " + of);
    originalLoss.setText(loss(found.original().loss()));
    double more = found.changed().loss() - found.original().loss();
    changedLoss.setText(
        loss(found.changed().loss()) + String.format(Locale.ROOT, ", %+.4f nats", more));
    bars.show(found.original().rms(), found.changed().rms());
  }

  private static String loss(double loss) {
    return String.format(
        Locale.ROOT, "loss %.4f nats a token, perplexity %.3f", loss, Math.exp(loss));
  }
}
