package rwkv.app.state;

import io.fair_acc.dataset.DataSet;
import io.fair_acc.dataset.DataSet2D;
import io.fair_acc.dataset.events.ChartBits;
import io.fair_acc.dataset.spi.AbstractDataSet;
import rwkv.app.chart.CalmLimit;

/** One head's past as a line of a chart: token positions against RMS or change. Copies nothing. */
// AbstractDataSet implements a generic method of DataSet with a narrower one.
@SuppressWarnings("unchecked")
final class HistoryLine extends AbstractDataSet<HistoryLine> implements DataSet2D {

  private static final long serialVersionUID = 1;

  /** A number of a head at the {@code index}th token held. */
  interface Quantity {
    double at(DynamicsHistory history, int index, int head);
  }

  private final transient Quantity quantity;
  private transient DynamicsHistory history = new DynamicsHistory(0);
  private transient int head;

  HistoryLine(String name, Quantity quantity) {
    super(name, 2);
    this.quantity = quantity;
  }

  /** Shows another head, or another history. */
  void show(DynamicsHistory newHistory, int newHead) {
    history = newHistory;
    head = newHead;
    changed();
  }

  /** The history has changed. */
  void changed() {
    fireInvalidated(ChartBits.DataSetData);
  }

  /** The smallest calm number that nothing shown exceeds; 1 if all is zero. */
  double top() {
    double most = 0;
    for (int index = 0; index < history.size(); index++) {
      most = Math.max(most, quantity.at(history, index, head));
    }
    return most > 0 && most <= Float.MAX_VALUE ? CalmLimit.roundUp(most) : 1;
  }

  @Override
  public double get(int dimension, int index) {
    return dimension == DIM_X ? history.position(index) : quantity.at(history, index, head);
  }

  @Override
  public int getDataCount() {
    return history.size();
  }

  @Override
  public DataSet set(DataSet other, boolean copy) {
    throw new UnsupportedOperationException("shows a history only");
  }
}
