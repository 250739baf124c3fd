package rwkv.engine.checkpoint;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What stands in for calling Python: the few names that torch.save writes are looked up in a closed
 * list, and "calling" one arranges its arguments as a plain value. Everything else is refused by
 * name.
 */
final class PickleCalls {

  private static final Map<String, Callable> CALLABLES =
      Stream.of(Callable.values())
          .collect(Collectors.toUnmodifiableMap(Callable::global, Function.identity()));
  private static final Map<String, StorageType> STORAGE_TYPES =
      Stream.of(StorageType.values())
          .collect(Collectors.toUnmodifiableMap(StorageType::global, Function.identity()));

  /** Keys are counted up from 0. The limit is there because one key may be used again and again. */
  private static final int LONGEST_KEY = 100;

  private final PickleInput input;

  /** The numbers of each tuple that was asked for, as one may be used again and again. */
  private final Map<PickleValue, List<Long>> numbers = new IdentityHashMap<>();

  PickleCalls(PickleInput input) {
    this.input = input;
  }

  /** The value that a global name stands for. */
  PickleValue global(String module, String name) {
    String global = module + "." + name;
    Callable callable = CALLABLES.get(global);
    if (callable != null) {
      return callable;
    }
    StorageType type = STORAGE_TYPES.get(global);
    if (type != null) {
      return type;
    }
    throw input.refused(global);
  }

  PickleValue call(PickleValue function, PickleValue arguments) {
    if (function instanceof Callable callable
        && arguments instanceof PickleValue.Tuple(List<PickleValue> args)) {
      PickleValue result = result(callable, args);
      if (result != null) {
        return result;
      }
    }
    throw input.problem(
        "calls " + function.kind() + " with " + arguments.kind() + ", which makes no sense");
  }

  /** What the call would return, or null if it does not take such arguments. */
  private @Nullable PickleValue result(Callable callable, List<PickleValue> args) {
    return switch (callable) {
      case ORDERED_DICT -> args.isEmpty() ? new PickleValue.Dict(new ArrayList<>()) : null;
      case SIZE -> args.size() == 1 && args.getFirst() instanceof PickleValue.Tuple t ? t : null;
      case TENSOR -> view(args);
      case PARAMETER, PARAMETER_WITH_STATE ->
          !args.isEmpty() && args.getFirst() instanceof PickleValue.View v ? v : null;
    };
  }

  /** Sets an object's attributes, of which a model has none that matter. */
  void build(PickleValue target, PickleValue attributes) {
    if (!(target instanceof PickleValue.Dict) || !(attributes instanceof PickleValue.Dict)) {
      throw input.problem(
          "sets " + attributes.kind() + " as the attributes of " + target.kind() + ": refused");
    }
  }

  /** The storage that a persistent id names: ('storage', type, key, location, count). */
  PickleValue storage(PickleValue id) {
    if (id instanceof PickleValue.Tuple(List<PickleValue> parts)
        && parts.size() == 5
        && parts.get(0) instanceof PickleValue.Text(String tag)
        && tag.equals("storage")
        && parts.get(1) instanceof StorageType type
        && parts.get(2) instanceof PickleValue.Text(String key)
        && key.length() <= LONGEST_KEY
        && parts.get(4) instanceof PickleValue.Int(long count)) {
      return new PickleValue.Storage(type, key, count);
    }
    throw input.problem(
        "names " + id.kind() + " as a storage, expected ('storage', type, key, location, count)");
  }

  /** (storage, offset, sizes, strides, requires_grad, hooks), and in newer files a dictionary. */
  private PickleValue.@Nullable View view(List<PickleValue> args) {
    if (args.size() >= 6
        && args.get(0) instanceof PickleValue.Storage storage
        && args.get(1) instanceof PickleValue.Int(long offset)
        && (args.size() == 6 || args.size() == 7 && isNothing(args.get(6)))) {
      List<Long> sizes = wholeNumbers(args.get(2));
      List<Long> strides = wholeNumbers(args.get(3));
      if (sizes != null && strides != null && sizes.size() == strides.size()) {
        return new PickleValue.View(storage, offset, sizes, strides);
      }
    }
    return null;
  }

  /** What stands here otherwise can mean that the numbers are to be negated or conjugated. */
  private static boolean isNothing(PickleValue value) {
    return value == PickleValue.None.NONE
        || value instanceof PickleValue.Dict(List<PickleValue.Dict.Item> items) && items.isEmpty();
  }

  private @Nullable List<Long> wholeNumbers(PickleValue value) {
    List<Long> known = numbers.get(value);
    if (known != null) {
      return known;
    }
    if (!(value instanceof PickleValue.Tuple(List<PickleValue> items))
        || items.size() > TensorTable.MAX_RANK) {
      return null;
    }
    List<Long> found = new ArrayList<>();
    for (PickleValue item : items) {
      if (!(item instanceof PickleValue.Int(long number))) {
        return null;
      }
      found.add(number);
    }
    numbers.put(value, List.copyOf(found));
    return numbers.get(value);
  }
}
