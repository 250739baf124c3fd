package rwkv.engine.backend.cpu;

import rwkv.engine.backend.Availability;
import rwkv.engine.backend.Backend;
import rwkv.engine.backend.Kernels;

/** {@link ReferenceKernels} as a backend: for checking others, and where there is no other. */
public final class ReferenceBackend implements Backend {

  @Override
  public String id() {
    return "reference";
  }

  @Override
  public int preference() {
    return 0;
  }

  @Override
  public Availability availability() {
    return new Availability.Available("CPU");
  }

  @Override
  public Kernels open(int threads) {
    return new ReferenceKernels();
  }
}
