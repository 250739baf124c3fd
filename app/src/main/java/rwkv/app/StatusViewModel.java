package rwkv.app;

import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import rwkv.app.open.Opened;
import rwkv.app.theme.Sizes;
import rwkv.engine.model.ModelSpec;

/** The numbers of the status bar. */
final class StatusViewModel {

  private final ReadOnlyStringWrapper speed = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper state = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper memory = new ReadOnlyStringWrapper("");

  StatusViewModel(WorkbenchViewModel workbench) {
    var perSecond = workbench.generate().speedProperty();
    speed.bind(Bindings.createStringBinding(() -> speedText(perSecond.get()), perSecond));
    var opened = workbench.open().openedProperty();
    var position = workbench.generate().positionProperty();
    state.bind(
        Bindings.createStringBinding(
            () -> {
              Opened now = opened.get();
              return now == null ? "" : stateText(now.model().spec(), position.get());
            },
            opened,
            position));
    measureMemory();
  }

  /** As in "212 tok/s". */
  ReadOnlyStringProperty speedProperty() {
    return speed.getReadOnlyProperty();
  }

  /** As in "token 12 · state 98 kB (a transformer here: 12 MB)". */
  ReadOnlyStringProperty stateProperty() {
    return state.getReadOnlyProperty();
  }

  /** As in "memory 214 MB". */
  ReadOnlyStringProperty memoryProperty() {
    return memory.getReadOnlyProperty();
  }

  void measureMemory() {
    Runtime runtime = Runtime.getRuntime();
    memory.set("memory " + Sizes.bytes(runtime.totalMemory() - runtime.freeMemory()));
  }

  static String speedText(double perSecond) {
    return Double.isNaN(perSecond) ? "– tok/s" : Sizes.speed(perSecond) + " tok/s";
  }

  static String stateText(ModelSpec spec, int position) {
    return "token %s · state %s (a transformer here: %s)"
        .formatted(
            Sizes.exact(position),
            Sizes.bytes(spec.stateBytes() + position * spec.stateBytesPerToken()),
            Sizes.bytes(spec.transformerCacheBytes(position)));
  }
}
