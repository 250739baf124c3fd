package rwkv.app.generate;

import java.util.List;
import javafx.geometry.VPos;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.image.Image;
import javafx.scene.paint.Color;
import rwkv.app.generate.TextLayout.Run;
import rwkv.app.generate.Transcript.Entry;
import rwkv.app.theme.Ink;

/** Paints the lines of a transcript that are in view. */
final class TranscriptPainter {

  private static final double LINE = TranscriptView.LINE;
  private static final double PAD = TranscriptView.PAD;

  private final Ink text;
  private final Ink prompt;
  private final Ink promptBack;
  private final Ink surprise;
  private final Ink accent;
  private final Ink selection;
  private final ShapedText shaped = new ShapedText(TranscriptView.FONT);

  TranscriptPainter(Runnable repaint) {
    text = new Ink("ink-text", repaint);
    prompt = new Ink("ink-muted", repaint);
    promptBack = new Ink("ink-subtle", repaint);
    surprise = new Ink("ink-surprise", repaint);
    accent = new Ink("ink-accent", repaint);
    selection = new Ink("ink-selection", repaint);
  }

  List<Ink> inks() {
    return List.of(text, prompt, promptBack, surprise, accent, selection);
  }

  void paint(
      Canvas canvas,
      TextLayout layout,
      Transcript transcript,
      double scroll,
      TranscriptMouse mouse,
      boolean focused) {
    GraphicsContext g = canvas.getGraphicsContext2D();
    g.clearRect(0, 0, canvas.getWidth(), canvas.getHeight());
    g.setFont(TranscriptView.FONT);
    g.setTextBaseline(VPos.CENTER);
    int first = Math.max(0, (int) ((scroll - PAD) / LINE));
    int last = (int) Math.min(layout.lines() - 1, (scroll + canvas.getHeight()) / LINE);
    for (int line = first; line <= last; line++) {
      double top = PAD + line * LINE - scroll;
      for (Run run : layout.line(line)) {
        paint(g, run, transcript.get(run.token()), top, mouse);
      }
    }
    if (focused) {
      g.setStroke(accent.paint());
      g.setLineWidth(1);
      g.strokeRect(0.5, 0.5, canvas.getWidth() - 1, canvas.getHeight() - 1);
    }
  }

  private void paint(GraphicsContext g, Run run, Entry entry, double top, TranscriptMouse mouse) {
    double left = PAD + run.x();
    boolean drawn = entry.token().drawn();
    if (drawn) {
      g.setFill(Surprise.tint(surprise.color(), entry.token().prediction().probability()));
    } else {
      g.setFill(promptBack.paint());
    }
    g.fillRect(left, top + 2, run.width(), LINE - 4);
    if (run.from() < mouse.selectionEnd() && run.to() > mouse.selectionStart()) {
      paintSelection(g, run, left, top, mouse);
    }
    boolean hovered = run.token() == mouse.token();
    String shown = hovered ? TokenText.visible(run.newline() ? "\n" : run.text()) : run.text();
    write(g, shown, drawn ? text : prompt, left, top + LINE / 2);
    if (hovered) {
      g.setStroke(accent.paint());
      g.setLineWidth(1);
      g.strokeRect(left + 0.5, top + 1.5, Math.max(2, run.width() - 1), LINE - 3);
    }
  }

  private void write(GraphicsContext g, String shown, Ink ink, double left, double middle) {
    if (!ShapedText.isNeeded(shown)) {
      g.setFill(ink.paint());
      g.fillText(shown, left, middle);
      return;
    }
    double scale = g.getCanvas().getScene().getWindow().getOutputScaleX();
    Image image = shaped.image(shown, ink.color(), scale);
    double height = image.getHeight() / scale;
    g.drawImage(image, left, middle - height / 2, image.getWidth() / scale, height);
  }

  private void paintSelection(
      GraphicsContext g, Run run, double left, double top, TranscriptMouse mouse) {
    int length = Math.max(1, run.text().length());
    double each = run.width() / length;
    int from = Math.max(0, mouse.selectionStart() - run.from());
    int to = Math.min(length, mouse.selectionEnd() - run.from());
    Color color = selection.color();
    g.setFill(color);
    g.fillRect(left + from * each, top + 1, (to - from) * each, LINE - 2);
  }
}
