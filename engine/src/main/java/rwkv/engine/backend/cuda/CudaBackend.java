package rwkv.engine.backend.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Availability;
import rwkv.engine.backend.Backend;
import rwkv.engine.backend.DeviceFacts;
import rwkv.engine.backend.Kernels;

/**
 * An NVIDIA card of this machine, the first as "cuda" and each as "cuda:" and its number. Used only
 * when it is asked for by its name: no card has run these kernels yet, see {@code
 * src/main/cuda/RESULTS.md}.
 */
public final class CudaBackend implements Backend {

  private static final String NAME = "cuda";

  private final String id;
  private final int index;

  /** The first card. */
  public CudaBackend() {
    this(NAME, 0);
  }

  private CudaBackend(String id, int index) {
    this.id = id;
    this.index = index;
  }

  @Override
  public String id() {
    return id;
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
      return Cards.availability(index);
    } catch (LinkageError | RuntimeException e) {
      return new Availability.Unavailable("the NVIDIA driver does not answer: " + e.getMessage());
    }
  }

  @Override
  public Backend on(int number) {
    return new CudaBackend(NAME + ":" + number, number);
  }

  @Override
  public List<Backend> devices() {
    int count = count();
    return count == 0 ? List.of(this) : IntStream.range(0, count).mapToObj(this::on).toList();
  }

  private static int count() {
    try {
      return isDriverThere() ? CudaDriver.count() : 0;
    } catch (LinkageError | RuntimeException e) {
      return 0;
    }
  }

  @Override
  public @Nullable DeviceFacts facts() {
    return availability() instanceof Availability.Available ? Cards.facts(index) : null;
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
    return new CudaKernels(new CudaDriver(index));
  }

  /** Stands apart so that JCuda is loaded only where there is a driver. */
  private static final class Cards {

    static Availability availability(int index) {
      int count = CudaDriver.count();
      if (count == 0) {
        return new Availability.Unavailable("the NVIDIA driver finds no card");
      }
      if (index >= count) {
        return new Availability.Unavailable(
            "there is no card %d, the NVIDIA driver finds %d, counted from 0"
                .formatted(index, count));
      }
      Device card = CudaDriver.describe(index);
      return card.capability() < Programs.OLDEST
          ? new Availability.Unavailable(
              "%s has compute capability %d.%d, 7.5 is needed"
                  .formatted(card.name(), card.major(), card.minor()))
          : new Availability.Available(card.title());
    }

    static DeviceFacts facts(int index) {
      return CudaDriver.describe(index).facts(CudaDriver.freeBytes(index));
    }
  }
}
