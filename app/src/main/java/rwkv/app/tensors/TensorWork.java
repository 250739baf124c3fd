package rwkv.app.tensors;

import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;
import rwkv.app.message.Sentence;
import rwkv.app.open.OpenModel;
import rwkv.engine.analysis.TensorStatistics;

/**
 * What is computed of a model's tensors, as the foreground sees it: how far it has come, and the
 * way to stop it. Results arrive in bunches, however many there are.
 */
public final class TensorWork {

  private final Executor threads;
  private final Executor foreground;
  private final Runnable whenLearnt;
  private final ReadOnlyBooleanWrapper computing = new ReadOnlyBooleanWrapper();
  private final ReadOnlyBooleanWrapper cancelled = new ReadOnlyBooleanWrapper();
  private final ReadOnlyDoubleWrapper progress = new ReadOnlyDoubleWrapper();
  private final ReadOnlyObjectWrapper<@Nullable TensorPreview> preview =
      new ReadOnlyObjectWrapper<>();
  private final Set<TensorRow> missing = new HashSet<>();
  private @Nullable Inbox inbox;
  private @Nullable TensorRow looked;
  private boolean isBegun;
  private long missingBytes;
  private long wantedBytes;

  /**
   * @param whenLearnt is run after every bunch of statistics
   */
  TensorWork(Executor threads, Executor foreground, Runnable whenLearnt) {
    this.threads = threads;
    this.foreground = foreground;
    this.whenLearnt = whenLearnt;
  }

  /** Whether statistics are being computed. */
  public ReadOnlyBooleanProperty computingProperty() {
    return computing.getReadOnlyProperty();
  }

  /** Whether statistics are missing because a person did not want to wait. */
  public ReadOnlyBooleanProperty cancelledProperty() {
    return cancelled.getReadOnlyProperty();
  }

  /** How far the statistics have come by bytes, 0 to 1. */
  public ReadOnlyDoubleProperty progressProperty() {
    return progress.getReadOnlyProperty();
  }

  /** The preview of the tensor last looked at; null until it is there. */
  ReadOnlyObjectProperty<@Nullable TensorPreview> previewProperty() {
    return preview.getReadOnlyProperty();
  }

  /** Whether statistics of this model have been asked for. */
  boolean isBegun() {
    return isBegun;
  }

  /** From now on it is about this model; nothing more of the one before is read. */
  void open(@Nullable OpenModel model) {
    if (inbox != null) {
      inbox.reader.stop();
    }
    inbox = model == null ? null : new Inbox(model);
    isBegun = false;
    looked = null;
    preview.set(null);
    missing.clear();
    end(false);
  }

  /** Computes the statistics of these, in this order, instead of what was to be done. */
  void begin(List<TensorRow> rows) {
    if (inbox == null) {
      return;
    }
    isBegun = true;
    missing.clear();
    missing.addAll(rows);
    missingBytes = bytes(rows);
    if (!computing.get()) {
      wantedBytes = missingBytes;
    }
    cancelled.set(false);
    computing.set(!rows.isEmpty());
    tell();
    inbox.reader.order(rows);
  }

  /** Computes no more statistics. */
  public void cancel() {
    if (inbox != null && computing.get()) {
      inbox.reader.order(List.of());
      end(true);
    }
  }

  /** Makes a preview of a tensor, and its statistics if they are missing. */
  void look(@Nullable TensorRow row) {
    looked = row;
    preview.set(null);
    if (row != null && inbox != null) {
      inbox.reader.look(row);
    }
  }

  private void learn(TensorRow row, TensorEntry more) {
    row.learn(more);
    if (missing.remove(row)) {
      missingBytes -= more.bytes();
    }
  }

  private void tell() {
    progress.set(wantedBytes == 0 ? 1 : 1 - (double) missingBytes / wantedBytes);
    if (missing.isEmpty()) {
      end(false);
    }
  }

  private void end(boolean isEarly) {
    cancelled.set(isEarly);
    computing.set(false);
  }

  private static long bytes(List<TensorRow> rows) {
    return rows.stream().mapToLong(row -> row.entry().bytes()).sum();
  }

  /** Takes the results of one reader to the foreground. */
  private final class Inbox implements TensorReader.Results {
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isAnnounced = new AtomicBoolean();
    private final TensorReader reader;

    Inbox(OpenModel model) {
      reader = new TensorReader(model, threads, this);
    }

    @Override
    public void statistics(TensorRow row, TensorStatistics statistics) {
      put(() -> learn(row, row.entry().with(statistics)));
    }

    @Override
    public void preview(TensorRow row, TensorPreview found) {
      put(() -> {
        if (looked == row) {
          preview.set(found);
        }
      });
    }

    @Override
    public void failed(TensorRow row, Throwable failure) {
      put(() -> learn(row, row.entry().with(Sentence.of(failure))));
    }

    private void put(Runnable result) {
      waiting.add(result);
      if (isAnnounced.compareAndSet(false, true)) {
        foreground.execute(this::empty);
      }
    }

    private void empty() {
      isAnnounced.set(false);
      if (inbox != this) {
        waiting.clear();
        return;
      }
      for (Runnable result = waiting.poll(); result != null; result = waiting.poll()) {
        result.run();
      }
      tell();
      whenLearnt.run();
    }
  }
}
