package rwkv.app.tensors;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import rwkv.engine.tensor.Tensor;

/** A tensor in the list; what is known about it grows. */
public final class TensorRow {

  private final Tensor tensor;
  private final ReadOnlyObjectWrapper<TensorEntry> entry = new ReadOnlyObjectWrapper<>();

  TensorRow(int index, Tensor tensor) {
    this.tensor = tensor;
    entry.set(TensorEntry.of(index, tensor));
  }

  /** Where the numbers are; only to be read as {@link TensorReader} does. */
  Tensor tensor() {
    return tensor;
  }

  /** What is known. */
  public TensorEntry entry() {
    return entry.get();
  }

  /** What is known, as it grows. */
  public ReadOnlyObjectProperty<TensorEntry> entryProperty() {
    return entry.getReadOnlyProperty();
  }

  void learn(TensorEntry more) {
    entry.set(more);
  }
}
