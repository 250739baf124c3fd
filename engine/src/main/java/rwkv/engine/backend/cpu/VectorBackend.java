package rwkv.engine.backend.cpu;

import java.util.function.Function;
import rwkv.engine.backend.Availability;
import rwkv.engine.backend.Backend;
import rwkv.engine.backend.Kernels;

/** {@link VectorKernels} as a backend. */
public final class VectorBackend implements Backend {

  @Override
  public String id() {
    return "cpu";
  }

  @Override
  public int preference() {
    return 10;
  }

  @Override
  public Availability availability() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        ? new Availability.Available("CPU")
        : new Availability.Unavailable(
            "Java was started without --add-modules=jdk.incubator.vector");
  }

  @Override
  public Kernels open(int threads) {
    return new VectorKernels(threads);
  }

  /**
   * Kernels that leave products with many tokens to something else, where that takes them.
   *
   * @param threads how many threads they may use, at least 1
   * @param products made for the threads of the kernels, which close it
   */
  public static Kernels open(int threads, Function<Team, ManyTokenProducts> products) {
    return new VectorKernels(threads, products);
  }
}
