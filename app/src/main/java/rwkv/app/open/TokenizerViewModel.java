package rwkv.app.open;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
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
  private final ReadOnlyObjectWrapper<List<Offer>> offers = new ReadOnlyObjectWrapper<>(List.of());

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
    opened.subscribe(this::show);
  }

  /** What could be used with the open model, best first. */
  public ReadOnlyObjectProperty<List<Offer>> offersProperty() {
    return offers.getReadOnlyProperty();
  }

  private void show(@Nullable Opened now) {
    TokenizerChoice present = now == null ? null : now.tokenizer();
    offers.set(present == null ? List.of() : present.offers());
  }

  /** Other tokenizers may be installed now. A model that has none gets the best. */
  public void refresh() {
    Opened now = opened.get();
    if (now != null) {
      OpenModel model = now.model();
      background.execute(() -> {
        List<Offer> fresh = chooser.offers(model.file(), model.spec().vocabulary());
        foreground.execute(() -> refreshed(now, fresh));
      });
    }
  }

  private void refreshed(Opened wanted, List<Offer> fresh) {
    TokenizerChoice present = wanted.tokenizer();
    if (opened.get() != wanted || fresh.isEmpty()) {
      return;
    }
    if (present == null) {
      make(() -> chooser.of(fresh.getFirst(), fresh));
    } else if (fresh.contains(present.offer())) {
      offers.set(fresh);
    }
  }

  /** Uses another of the offers. */
  public void choose(Offer offer) {
    Opened now = opened.get();
    TokenizerChoice present = now == null ? null : now.tokenizer();
    if (present != null && !present.offer().equals(offer)) {
      List<Offer> all = offers.get();
      make(() -> chooser.of(offer, all));
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
