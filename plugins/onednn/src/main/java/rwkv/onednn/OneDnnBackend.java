package rwkv.onednn;

import java.util.Optional;
import java.util.function.Predicate;
import rwkv.engine.backend.Availability;
import rwkv.engine.backend.Backend;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.cpu.Team;
import rwkv.engine.backend.cpu.VectorBackend;

/**
 * The kernels of backend {@code cpu}, with products of many tokens by oneDNN in bf16 on the CPU's
 * matrix units. Only used when it is asked for: it rounds more than {@code cpu} does, and a prompt
 * does not give the bits that its tokens give one by one.
 */
public final class OneDnnBackend implements Backend {

  private final Optional<String> useless;
  private final Precision precision;
  private final Predicate<String> accepted;

  public OneDnnBackend() {
    this(Platform.here().noMatrixUnits(), Precision.BF16, OneDnnBackend::usesMatrixUnits);
  }

  /**
   * @param useless why there is no use in it on this machine, if so
   * @param accepted which of oneDNN's implementations may be used, by name
   */
  OneDnnBackend(Optional<String> useless, Precision precision, Predicate<String> accepted) {
    this.useless = useless;
    this.precision = precision;
    this.accepted = accepted;
  }

  /** Whether an implementation is none of those that stand in where oneDNN has nothing better. */
  static boolean isMadeForThis(String implementation) {
    return !implementation.startsWith("ref") && !implementation.startsWith("gemm");
  }

  static boolean usesMatrixUnits(String implementation) {
    return isMadeForThis(implementation) && implementation.contains("amx");
  }

  @Override
  public String id() {
    return "onednn";
  }

  @Override
  public int preference() {
    return -1;
  }

  /** Looks at the CPU first; only where that will do is oneDNN loaded, and put to the test. */
  @Override
  public Availability availability() {
    if (new VectorBackend().availability() instanceof Availability.Unavailable no) {
      return no;
    }
    return Platform.here()
        .noLibrary()
        .or(() -> useless)
        .or(this::problem)
        .<Availability>map(Availability.Unavailable::new)
        .orElse(new Availability.Available("CPU with " + precision + " products by oneDNN"));
  }

  private Optional<String> problem() {
    return switch (Natives.loaded()) {
      case Natives.NoLibrary(String reason) -> Optional.of(reason);
      case Natives.Library(OneDnn dnn) -> problem(dnn);
    };
  }

  private Optional<String> problem(OneDnn dnn) {
    try (OneDnnProducts products = products(dnn, Alone.INSTANCE)) {
      Optional<String> implementation = products.implementation(1024, 1024);
      if (implementation.isEmpty()) {
        return Optional.of("oneDNN has no products in " + precision + " for this CPU");
      }
      return implementation
          .filter(accepted.negate())
          .map(name -> "oneDNN would multiply by " + name + ", which uses no matrix units")
          .or(() -> SelfTest.problem(products, precision));
    } catch (IllegalStateException problem) {
      return Optional.of(String.valueOf(problem.getMessage()));
    }
  }

  private OneDnnProducts products(OneDnn dnn, Team team) {
    return new OneDnnProducts(dnn, precision, accepted, team);
  }

  @Override
  public Kernels open(int threads) {
    if (availability() instanceof Availability.Unavailable(String reason)) {
      throw new IllegalStateException("backend " + id() + " cannot be used: " + reason);
    }
    return switch (Natives.loaded()) {
      case Natives.NoLibrary(String reason) -> throw new IllegalStateException(reason);
      case Natives.Library(OneDnn dnn) -> VectorBackend.open(threads, team -> products(dnn, team));
    };
  }
}
