package rwkv.app;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Availability;
import rwkv.engine.backend.Backend;
import rwkv.engine.backend.Backends;
import rwkv.engine.backend.DeviceException;
import rwkv.engine.backend.DeviceFacts;
import rwkv.engine.backend.Kernels;

/**
 * A card that computes on the processor, can be too small and can be lost. It is found as installed
 * backends are, and is there only while a test has plugged it in.
 */
public final class FrailBackend implements Backend {

  private static final AtomicLong FREE = new AtomicLong(-1);
  private static final AtomicLong LAUNCHES = new AtomicLong(Long.MAX_VALUE);
  private static final AtomicInteger OPENED = new AtomicInteger();
  private static final AtomicInteger CLOSED = new AtomicInteger();

  /** Whether it works; a lost card works again when all that was on it has been closed. */
  private static volatile boolean lost;

  private final String id;

  public FrailBackend() {
    this("frail");
  }

  private FrailBackend(String id) {
    this.id = id;
  }

  /** Puts a card in; a negative number takes it out. */
  static void plugIn(long freeBytes) {
    FREE.set(freeBytes);
    LAUNCHES.set(Long.MAX_VALUE);
    OPENED.set(0);
    CLOSED.set(0);
    lost = false;
  }

  /** It has less memory from now on. */
  static void shrink(long freeBytes) {
    FREE.set(freeBytes);
  }

  /** It will fail after so many launches. */
  static void failAfter(long launches) {
    LAUNCHES.set(launches);
  }

  /** Models on it that have not been closed. */
  static int models() {
    return OPENED.get() - CLOSED.get();
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public int preference() {
    return -1;
  }

  @Override
  public Availability availability() {
    return FREE.get() < 0
        ? new Availability.Unavailable("no frail card is plugged in")
        : new Availability.Available("Frail Card 9000, driver for FRAIL 1.2");
  }

  @Override
  public Backend on(int number) {
    if (number != 0) {
      throw new IllegalArgumentException("there is no card " + number);
    }
    return new FrailBackend("frail:0");
  }

  @Override
  public List<Backend> devices() {
    return FREE.get() < 0 ? List.of(this) : List.of(on(0));
  }

  @Override
  public @Nullable DeviceFacts facts() {
    if (lost) {
      throw new Failure("Frail Card 9000 has failed: launch failure", true);
    }
    return new DeviceFacts("Frail Card 9000", "FRAIL 1.2", "9.0", 8_000_000_000L, FREE.get());
  }

  @Override
  public Kernels open(int threads) {
    if (lost && models() > 0) {
      throw new Failure("Frail Card 9000 takes no work: it has failed before", false);
    }
    lost = false;
    OPENED.incrementAndGet();
    Kernels cpu = Backends.installed().choose("cpu").open(threads);
    return (Kernels)
        Proxy.newProxyInstance(
            Kernels.class.getClassLoader(),
            new Class<?>[] {Kernels.class},
            (_, method, arguments) -> {
              switch (method.getName()) {
                case "device" -> {
                  return "Frail Card 9000, driver for FRAIL 1.2";
                }
                case "heldBytes" -> {
                  return 123_456_789L;
                }
                case "require" -> {
                  require((Long) arguments[0], (String) arguments[1]);
                  return null;
                }
                case "close" -> CLOSED.incrementAndGet();
                default -> launch();
              }
              try {
                return method.invoke(cpu, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static void require(long bytes, String what) {
    if (bytes > FREE.get()) {
      throw new Failure(
          "%s does not fit on Frail Card 9000: about %d bytes are needed, %d are free"
              .formatted(what, bytes, FREE.get()),
          false);
    }
  }

  private static void launch() {
    if (lost || LAUNCHES.decrementAndGet() < 0) {
      lost = true;
      LAUNCHES.set(Long.MAX_VALUE);
      throw new Failure("Frail Card 9000 has failed: launch failure", true);
    }
  }

  private static final class Failure extends DeviceException {

    private static final long serialVersionUID = 1;
    private final boolean isLost;

    Failure(String message, boolean isLost) {
      super(message);
      this.isLost = isLost;
    }

    @Override
    public boolean isLost() {
      return isLost;
    }
  }
}
