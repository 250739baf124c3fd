package rwkv.engine.train;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rwkv.engine.checkpoint.TensorSource;
import rwkv.engine.model.Progress;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Quantiser;
import rwkv.engine.tensor.Tensor;

/**
 * The parameters of a model about to be created, as its version's official trainer begins them, but
 * for the decays, which are those of a curve. The same plan, curve and seed give the same numbers,
 * whatever the order and the threads.
 */
public final class Initialiser {

  private static final long CACHE_LINE = 64;

  private final List<InitialTensor> tensors;
  private final long seed;
  private final long parameters;

  /**
   * @throws IllegalArgumentException if the curve was made for another model
   */
  public Initialiser(ModelPlan plan, DecayCurve decay, long seed) {
    decay.requireFor(plan.decays());
    this.tensors = InitialLayout.of(plan, decay);
    this.seed = seed;
    this.parameters = tensors.stream().mapToLong(tensor -> tensor.shape().count()).sum();
  }

  /** How many numbers all tensors hold. */
  public long parameters() {
    return parameters;
  }

  /**
   * All tensors in F32, by official name and in the order of an official checkpoint.
   *
   * @throws java.util.concurrent.CancellationException if {@code progress} ended it
   */
  public Map<String, Tensor> tensors(Progress progress) {
    Map<String, Tensor> made = new LinkedHashMap<>();
    for (TensorSource source : sources(DType.F32, progress)) {
      made.put(
          source.name(),
          new Tensor(source.name(), source.dtype(), source.shape(), source.data().get()));
    }
    return made;
  }

  /**
   * All tensors, to be made when they are written, in the order of an official checkpoint.
   *
   * @param dtype of all of them, F32, BF16 or F16
   * @param progress of all of them together, told while they are made; may end it
   */
  public List<TensorSource> sources(DType dtype, Progress progress) {
    List<TensorSource> sources = new ArrayList<>();
    long before = 0;
    for (InitialTensor tensor : tensors) {
      long from = before;
      Progress part = done -> progress.at((from + done * tensor.shape().count()) / parameters);
      sources.add(
          new TensorSource(tensor.name(), dtype, tensor.shape(), () -> data(tensor, dtype, part)));
      before += tensor.shape().count();
    }
    return sources;
  }

  private MemorySegment data(InitialTensor tensor, DType dtype, Progress progress) {
    float[] numbers = tensor.numbers(seed, progress);
    MemorySegment data = Arena.ofAuto().allocate(dtype.bytes(numbers.length), CACHE_LINE);
    Quantiser.encode(dtype, numbers, 0, numbers.length, data, 0);
    return data;
  }
}
