package rwkv.app.generate;

import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Point2D;
import javafx.scene.control.Label;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Pane;
import javafx.scene.layout.VBox;
import javafx.stage.Popup;
import rwkv.app.generate.TextLayout.Run;
import rwkv.app.theme.Sizes;
import rwkv.engine.session.Event;
import rwkv.plugin.Tokenizer;

/** Beside a token: what the model expected in its place, the ten likeliest first. */
final class TokenPopup {

  private static final int MOST = 10;

  private final Popup popup = new Popup();
  private final VBox box = new VBox();
  private final Label title = new Label();
  private final Label detail = new Label();
  private final GridPane table = new GridPane();
  private final List<CandidateRow> rows = new ArrayList<>();

  TokenPopup() {
    box.getStyleClass().add("token-popup");
    title.getStyleClass().add("token-title");
    detail.getStyleClass().add("token-detail");
    table.getStyleClass().add("token-table");
    for (int i = 0; i <= MOST; i++) {
      rows.add(new CandidateRow(table, i));
    }
    box.getChildren().addAll(title, detail, table);
    popup.getContent().add(box);
    popup.setAutoFix(true);
    popup.setAutoHide(false);
    box.setMouseTransparent(true);
  }

  void show(TranscriptView view, Run run, double top, int index, GenerateViewModel viewModel) {
    Tokenizer tokenizer = viewModel.tokenizer();
    if (tokenizer == null || view.getScene() == null) {
      return;
    }
    fill(view.transcript(), index, tokenizer);
    Point2D corner =
        view.localToScreen(TranscriptView.PAD + run.x(), top + TranscriptView.LINE + 4);
    if (corner != null) {
      popup.show(view, corner.getX(), corner.getY());
    }
  }

  void hide() {
    popup.hide();
  }

  private void fill(Transcript transcript, int index, Tokenizer tokenizer) {
    Event.Token token = transcript.get(index).token();
    Event.Prediction prediction = token.prediction();
    title.setText(visible(tokenizer, token.token()));
    StringBuilder words = new StringBuilder();
    words.append("token %d · position %d".formatted(token.token(), token.position()));
    words.append(token.drawn() ? " · generated" : " · prompt");
    int shared = transcript.sharedBefore(index);
    if (shared > 0) {
      words.append("\nits character takes this token and the %d before".formatted(shared));
    }
    if (prediction.topTokens().length == 0) {
      words.append("\nthe first token: nothing was expected before it");
    }
    detail.setText(words.toString());
    boolean found = false;
    for (int i = 0; i < MOST; i++) {
      if (i < prediction.topTokens().length) {
        int candidate = prediction.topTokens()[i];
        boolean came = candidate == token.token();
        found |= came;
        rows.get(i).show(visible(tokenizer, candidate), prediction.topProbabilities()[i], came);
      } else {
        rows.get(i).hide();
      }
    }
    if (!found && !Float.isNaN(prediction.probability())) {
      rows.get(MOST).show(visible(tokenizer, token.token()), prediction.probability(), true);
    } else {
      rows.get(MOST).hide();
    }
  }

  private static String visible(Tokenizer tokenizer, int token) {
    byte[] bytes = tokenizer.bytes(token);
    return bytes.length == 0 ? "⟨no text: %d⟩".formatted(token) : TokenText.visible(bytes);
  }

  /** A candidate: its text, a bar as long as its probability, and that in numbers. */
  private static final class CandidateRow {
    private static final double WIDTH = 120;
    private final Label text = new Label();
    private final Pane bar = new Pane();
    private final Label percent = new Label();

    CandidateRow(GridPane table, int row) {
      text.getStyleClass().add("candidate");
      percent.getStyleClass().add("candidate-percent");
      bar.getStyleClass().add("candidate-bar");
      bar.setManaged(false);
      Pane track = new Pane(bar);
      track.setMinWidth(WIDTH);
      track.setPrefWidth(WIDTH);
      track.managedProperty().bind(text.visibleProperty());
      track.visibleProperty().bind(text.visibleProperty());
      text.managedProperty().bind(text.visibleProperty());
      percent.visibleProperty().bind(text.visibleProperty());
      percent.managedProperty().bind(text.visibleProperty());
      table.addRow(row, text, track, percent);
    }

    void show(String token, float probability, boolean came) {
      text.setVisible(true);
      text.setText((came ? "▸" : " ") + token);
      percent.setText(Sizes.percent(probability));
      bar.resizeRelocate(0, 5, Math.max(1, probability * WIDTH), 8);
      for (Label label : List.of(text, percent)) {
        label.getStyleClass().remove("came");
        if (came) {
          label.getStyleClass().add("came");
        }
      }
    }

    void hide() {
      text.setVisible(false);
    }
  }
}
