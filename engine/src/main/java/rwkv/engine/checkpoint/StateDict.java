package rwkv.engine.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import rwkv.engine.checkpoint.PickleValue.Dict;
import rwkv.engine.checkpoint.PickleValue.Text;
import rwkv.engine.checkpoint.PickleValue.View;

/**
 * The named tensors in what a {@code .pth} file holds, and what stands beside them. The tensors may
 * be at the top or in a dictionary one step down under one of the names that training scripts use.
 *
 * @param metadata every other entry as text; a list or dictionary only by its kind, so that its
 *     presence can be seen
 */
record StateDict(Map<String, View> tensors, Map<String, String> metadata) {

  private static final Set<String> WRAPPERS =
      Set.of("state_dict", "model", "model_state_dict", "module");

  static StateDict of(MappedFile file, PickleValue root) {
    if (!(root instanceof Dict top)) {
      throw file.problem("holds " + root.kind() + ", expected a dictionary of tensors");
    }
    MetadataTable metadata = new MetadataTable(file);
    StateDict found = new StateDict(new LinkedHashMap<>(), metadata.entries());
    Dict wrapped = wrapped(top);
    for (Dict.Item item : top.items()) {
      if (item.value() != wrapped) {
        found.add(file, metadata, item);
      }
    }
    if (wrapped != null) {
      for (Dict.Item item : wrapped.items()) {
        found.add(file, metadata, item);
      }
    }
    if (found.tensors.isEmpty()) {
      List<String> keys = found.metadata.keySet().stream().limit(5).map(Quote::name).toList();
      throw file.problem("holds no tensors, only " + (keys.isEmpty() ? "nothing" : keys));
    }
    return found;
  }

  /** The one dictionary that the tensors are in, where the top has none itself. */
  private static @Nullable Dict wrapped(Dict top) {
    Dict wrapped = null;
    for (Dict.Item item : top.items()) {
      if (item.value() instanceof View) {
        return null;
      }
      if (item.key() instanceof Text(String key)
          && WRAPPERS.contains(key)
          && item.value() instanceof Dict inner) {
        if (wrapped != null) {
          return null;
        }
        wrapped = inner;
      }
    }
    return wrapped;
  }

  private void add(MappedFile file, MetadataTable metadataTable, Dict.Item item) {
    if (!(item.key() instanceof Text(String name))) {
      throw file.problem(
          "names " + item.value().kind() + " by " + item.key().kind() + ", expected text");
    }
    if (!(item.value() instanceof View view)) {
      metadataTable.put(name, describe(item.value()));
    } else if (tensors.put(name, view) != null) {
      throw file.problem("tensor " + Quote.name(name) + " stands in the file twice");
    }
    TensorTable.checkCount(file, tensors.size());
  }

  private static String describe(PickleValue value) {
    return switch (value) {
      case Text(String text) -> text;
      case PickleValue.Int(long number) -> Long.toString(number);
      case PickleValue.Real(double number) -> Double.toString(number);
      case PickleValue.Bool(boolean bool) -> Boolean.toString(bool);
      default -> "(" + value.kind() + ")";
    };
  }
}
