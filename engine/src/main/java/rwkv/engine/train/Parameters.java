package rwkv.engine.train;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Kernels;
import rwkv.engine.tensor.Tensor;

/** The parameters of a model, by official name and in the order of its checkpoint. */
public final class Parameters {

  private final Map<String, Parameter> byName;

  private Parameters(Map<String, Parameter> byName) {
    this.byName = Collections.unmodifiableMap(byName);
  }

  /**
   * Copies of a checkpoint's tensors, in f32, where the kernels want them.
   *
   * @param tensors by official name, of official shapes
   */
  public static Parameters of(Map<String, Tensor> tensors, Kernels kernels) {
    Map<String, Parameter> byName = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> {
      int count = Math.toIntExact(tensor.count());
      byName.put(
          name,
          new Parameter(
              name, tensor.shape(), kernels.vector(tensor), kernels.buffer(1, 1, count), false));
    });
    return new Parameters(byName);
  }

  /** The same numbers, none of which is trained. */
  public Parameters frozen() {
    Map<String, Parameter> frozen = new LinkedHashMap<>();
    byName.forEach((name, parameter) -> frozen.put(name, parameter.freeze()));
    return new Parameters(frozen);
  }

  public Collection<Parameter> all() {
    return byName.values();
  }

  @Nullable Parameter find(String name) {
    return byName.get(name);
  }

  /**
   * The parameter of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Parameter get(String name) {
    Parameter parameter = byName.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException("there is no parameter " + name);
    }
    return parameter;
  }

  /** How many numbers all of them hold. */
  public long count() {
    return byName.values().stream().mapToLong(Parameter::count).sum();
  }

  /** Copies of their values as F32 tensors. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    byName.forEach(
        (name, p) -> tensors.put(name, Tensor.of(name, p.shape(), p.values().toArray())));
    return tensors;
  }
}
