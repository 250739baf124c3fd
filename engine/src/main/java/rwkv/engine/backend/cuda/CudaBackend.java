package rwkv.engine.backend.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.Locale;
import rwkv.engine.backend.Availability;
import rwkv.engine.backend.Backend;
import rwkv.engine.backend.Kernels;

/**
 * The first NVIDIA card of this machine. Used only when it is asked for by its name: no card has
 * run these kernels yet, see {@code src/main/cuda/RESULTS.md}.
 */
public final class CudaBackend implements Backend {

  @Override
  public String id() {
    return "cuda";
  }

  @Override
  public int preference() {
    return -1;
  }

  /** Asks for the driver's library first: without it, JCuda must not even be looked at. */
  @Override
  public Availability availability() {
    if (!isDriverThere()) {
      return new Availability.Unavailable("no NVIDIA driver: %s not found".formatted(library()));
    }
    try {
      return Cards.first();
    } catch (LinkageError | RuntimeException e) {
      return new Availability.Unavailable("the NVIDIA driver does not answer: " + e.getMessage());
    }
  }

  private static boolean isDriverThere() {
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup.libraryLookup(library(), arena);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String library() {
    boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
    return windows ? "nvcuda.dll" : "libcuda.so.1";
  }

  @Override
  public Kernels open(int threads) {
    if (availability() instanceof Availability.Unavailable(String reason)) {
      throw new IllegalStateException(reason);
    }
    return new CudaKernels(new CudaDriver(0));
  }

  /** Stands apart so that JCuda is loaded only where there is a driver. */
  private static final class Cards {

    static Availability first() {
      if (CudaDriver.count() == 0) {
        return new Availability.Unavailable("the NVIDIA driver finds no card");
      }
      Device card = CudaDriver.describe(0);
      return card.capability() < Programs.OLDEST
          ? new Availability.Unavailable(
              "%s has compute capability %d.%d, 7.5 is needed"
                  .formatted(card.name(), card.major(), card.minor()))
          : new Availability.Available(card.title());
    }
  }
}
