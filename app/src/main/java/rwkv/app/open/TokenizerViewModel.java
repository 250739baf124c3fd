package rwkv.app.open;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import javafx.beans.property.ObjectProperty;
import org.jspecify.annotations.Nullable;
import rwkv.app.message.Messages;
import rwkv.app.message.Sentence;
import rwkv.plugin.TokenizerProvider.Offer;

/** The tokenizer of the open model: picked automatically, changed by a person. */
public final class TokenizerViewModel {

  private final TokenizerChooser chooser;
  private final ObjectProperty<@Nullable Opened> opened;
  private final Executor background;
  private final Executor foreground;
  private final Messages messages;

  TokenizerViewModel(
      TokenizerChooser chooser,
      ObjectProperty<@Nullable Opened> opened,
      Executor background,
      Executor foreground,
      Messages messages) {
    this.chooser = chooser;
    this.opened = opened;
    this.background = background;
    this.foreground = foreground;
    this.messages = messages;
  }

  /** Uses another of the offers. */
  public void choose(Offer offer) {
    Opened now = opened.get();
    TokenizerChoice present = now == null ? null : now.tokenizer();
    if (present != null && !present.offer().equals(offer)) {
      make(() -> chooser.of(offer, present.offers()));
    }
  }

  /** Uses a vocabulary file that a person picked. */
  public void chooseFile(Path vocabulary) {
    Opened now = opened.get();
    if (now != null) {
      OpenModel model = now.model();
      make(() -> chooser.fromFile(vocabulary, model.file(), model.spec().vocabulary()));
    }
  }

  private void make(Maker maker) {
    Opened wanted = opened.get();
    background.execute(() -> {
      try {
        TokenizerChoice made = maker.make();
        foreground.execute(() -> arrived(wanted, made));
      } catch (IOException | RuntimeException e) {
        foreground.execute(() -> failed(wanted, e));
      }
    });
  }

  private void arrived(@Nullable Opened wanted, TokenizerChoice made) {
    if (wanted != null && opened.get() == wanted) {
      opened.set(new Opened(wanted.model(), made));
      messages.news("Tokenizer: " + made.tokenizer().name() + ".");
    }
  }

  private void failed(@Nullable Opened wanted, Exception failure) {
    messages.problem(Sentence.of(failure), failure);
    if (wanted != null && opened.get() == wanted) {
      // A view that shows the failed choice goes back to the real one.
      opened.set(new Opened(wanted.model(), wanted.tokenizer()));
    }
  }

  private interface Maker {
    TokenizerChoice make() throws IOException;
  }
}
