package rwkv.app.tensors;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import rwkv.app.open.OpenModel;
import rwkv.engine.analysis.TensorStatistics;
import rwkv.engine.model.Progress;

/**
 * Reads the tensors of one model in the background: statistics of one after the other, and in
 * between, at once, the one that a person looks at. It reads within {@link OpenModel#read} only, so
 * that the file is never unmapped under it.
 */
final class TensorReader {

  private final OpenModel model;
  private final Executor threads;
  private final Results results;
  private final Deque<TensorRow> pending = new ArrayDeque<>();
  private final Set<TensorRow> known = ConcurrentHashMap.newKeySet();
  private volatile @Nullable TensorRow look;
  private volatile boolean isIdle;
  private volatile boolean isStopped;
  private boolean isWorking;

  /** Is told what was found, on the reader's thread. */
  interface Results {
    void statistics(TensorRow row, TensorStatistics statistics);

    void preview(TensorRow row, TensorPreview preview);

    void failed(TensorRow row, Throwable failure);
  }

  /**
   * @param threads gives each task a thread of its own
   */
  TensorReader(OpenModel model, Executor threads, Results results) {
    this.model = model;
    this.threads = threads;
    this.results = results;
  }

  /**
   * Computes the statistics of these tensors, in this order, instead of what was to be done; those
   * that are known are passed over.
   */
  synchronized void order(Collection<TensorRow> rows) {
    pending.clear();
    pending.addAll(rows);
    isIdle = rows.isEmpty();
    begin();
  }

  /**
   * Makes a preview of a tensor, and its statistics if they are not known, before everything else
   * and instead of an earlier one.
   */
  synchronized void look(TensorRow row) {
    look = row;
    begin();
  }

  /** Reads nothing more; what is being read ends within moments. */
  synchronized void stop() {
    isStopped = true;
    pending.clear();
    look = null;
  }

  private void begin() {
    if (!isWorking && !isStopped && (look != null || !pending.isEmpty())) {
      isWorking = true;
      threads.execute(this::work);
    }
  }

  private void work() {
    while (true) {
      serveLook();
      TensorRow row;
      synchronized (this) {
        row = pending.poll();
        if (row == null && look == null) {
          isWorking = false;
          return;
        }
      }
      if (row != null) {
        statistics(row, this::goOn);
      }
    }
  }

  /** While statistics are computed: whether to go on, and whether somebody looks at a tensor. */
  private void goOn(double done) {
    if (isStopped || isIdle) {
      throw new CancellationException();
    }
    serveLook();
  }

  private void serveLook() {
    TensorRow wanted;
    synchronized (this) {
      wanted = look;
      look = null;
    }
    if (wanted != null) {
      statistics(wanted, this::untilAnotherLook);
      attempt(
          wanted,
          () -> {
            TensorPreview preview =
                model.read(
                    progress -> TensorPreview.of(wanted.tensor(), progress),
                    this::untilAnotherLook);
            results.preview(wanted, preview);
          });
    }
  }

  private void untilAnotherLook(double done) {
    if (isStopped || look != null) {
      throw new CancellationException();
    }
  }

  private void statistics(TensorRow row, Progress watch) {
    if (!known.contains(row)) {
      attempt(
          row,
          () -> {
            TensorStatistics found =
                model.read(progress -> TensorStatistics.of(row.tensor(), progress), watch);
            known.add(row);
            results.statistics(row, found);
          });
    }
  }

  private void attempt(TensorRow row, Runnable reading) {
    if (isStopped) {
      return;
    }
    try {
      reading.run();
    } catch (CancellationException e) {
      // Whoever ended it knows.
    } catch (RuntimeException | InternalError | OutOfMemoryError e) {
      // The first error is what Java makes of a file that became shorter under it.
      known.add(row);
      results.failed(row, e);
    }
  }
}
