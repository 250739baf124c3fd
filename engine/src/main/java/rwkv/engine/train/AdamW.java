package rwkv.engine.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Gradients;
import rwkv.engine.backend.Gradients.AdamStep;
import rwkv.engine.backend.Kernels;
import rwkv.engine.model.Version;
import rwkv.engine.tensor.Bf16;
import rwkv.engine.tensor.Tensor;

/** AdamW over the official parameter groups, with the norm of the whole gradient clipped. */
final class AdamW {

  /** Keeps the clipping coefficient finite. */
  private static final double LEAST_NORM = 1e-6;

  private final TrainingPlan plan;
  private final Gradients gradients;
  private final List<Entry> entries;

  /**
   * @param exact the f32 numbers that steps are added to; the parameter's own where those are f32
   */
  private record Entry(Parameter parameter, Group group, Buffer exact, Buffer m, Buffer v) {
    boolean isRounded() {
      return exact != parameter.values();
    }
  }

  AdamW(TrainingPlan plan, Version version, Parameters parameters, Kernels kernels, Gradients g) {
    this.plan = plan;
    this.gradients = g;
    this.entries =
        parameters.all().stream()
            .filter(p -> !p.frozen())
            .map(p ->
                new Entry(
                    p,
                    Group.of(version, p),
                    exact(p, kernels),
                    kernels.buffer(1, 1, p.count()),
                    kernels.buffer(1, 1, p.count())))
            .toList();
    entries.forEach(AdamW::round);
  }

  private Buffer exact(Parameter parameter, Kernels kernels) {
    if (plan.numbers() == TrainingPlan.Numbers.F32) {
      return parameter.values();
    }
    Buffer exact = kernels.buffer(1, 1, parameter.count());
    kernels.copy(exact, parameter.values());
    return exact;
  }

  /** The norm of every trained parameter's gradient. */
  Map<String, Double> norms() {
    Map<String, Double> norms = new LinkedHashMap<>();
    for (Entry entry : entries) {
      double squares = gradients.squares(entry.parameter.gradient());
      norms.put(entry.parameter.name(), Math.sqrt(squares));
    }
    return norms;
  }

  /**
   * Steps every parameter against its gradient, and clears that.
   *
   * @param norm of the whole gradient
   * @param step counted from 0
   */
  void step(double norm, long step, double rate) {
    double scale = Math.min(1, plan.clip() / (norm + LEAST_NORM));
    for (Entry e : entries) {
      gradients.adam(
          e.exact,
          e.m,
          e.v,
          e.parameter.gradient(),
          new AdamStep(
              rate * e.group.rate(),
              e.group.decays() ? plan.decay() : 0,
              plan.beta1(),
              plan.beta2(),
              plan.eps(),
              step + 1,
              scale));
      round(e);
      gradients.scale(e.parameter.gradient(), 0);
    }
  }

  /** Forgets the gradients, as of a step that was not finished. */
  void clear() {
    entries.forEach(e -> gradients.scale(e.parameter.gradient(), 0));
  }

  private static void round(Entry entry) {
    if (entry.isRounded()) {
      float[] numbers = entry.exact.toArray();
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = Bf16.round(numbers[i]);
      }
      entry.parameter.values().write(0, numbers, 0, numbers.length);
    }
  }

  /** All that it needs to go on, by name. */
  void save(Map<String, Tensor> into) {
    for (Entry e : entries) {
      Parameter p = e.parameter;
      into.put("exact." + p.name(), tensor("exact.", p, e.exact));
      into.put("m." + p.name(), tensor("m.", p, e.m));
      into.put("v." + p.name(), tensor("v.", p, e.v));
    }
  }

  private static Tensor tensor(String prefix, Parameter parameter, Buffer numbers) {
    return Tensor.of(prefix + parameter.name(), parameter.shape(), numbers.toArray());
  }

  /** Takes over what {@link #save} put out. */
  void load(SavedTensors saved) {
    for (Entry e : entries) {
      Parameter p = e.parameter;
      saved.read("exact." + p.name(), p.shape(), e.exact);
      saved.read("m." + p.name(), p.shape(), e.m);
      saved.read("v." + p.name(), p.shape(), e.v);
      round(e);
    }
  }
}
