package rwkv.engine.check;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Availability;
import rwkv.engine.backend.Backend;
import rwkv.engine.backend.Backends;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.DeviceException;
import rwkv.engine.backend.DeviceFacts;
import rwkv.engine.backend.Kernels;

/**
 * The processor under another name, with something wrong in it.
 *
 * @param availability what it says of itself
 * @param facts what it says of its memory, or null
 * @param plant is told every call of a kernel before and after
 */
record PlantedBackend(Availability availability, @Nullable DeviceFacts facts, Plant plant)
    implements Backend {

  /** Something wrong. */
  interface Plant {
    /** Before a kernel runs; may throw what a device throws. */
    default void before(Method kernel, Object[] arguments) {}

    /** After a kernel ran; may change what it wrote. */
    default void after(Method kernel, Object[] arguments) {}
  }

  /** A device's failure. */
  static final class Failure extends DeviceException {
    private static final long serialVersionUID = 1;
    private final boolean lost;

    Failure(String message, boolean lost) {
      super(message);
      this.lost = lost;
    }

    @Override
    public boolean isLost() {
      return lost;
    }
  }

  static PlantedBackend of(Plant plant) {
    return new PlantedBackend(new Availability.Available("a planted device"), null, plant);
  }

  /** Adds to the first number that a kernel of that name writes. */
  static Plant wrong(String kernel, float difference) {
    return new Plant() {
      @Override
      public void after(Method called, Object[] arguments) {
        if (called.getName().equals(kernel)) {
          add((Buffer) arguments[0], 0, difference);
        }
      }
    };
  }

  /** Adds to one number of a buffer. */
  static void add(Buffer buffer, int at, float difference) {
    float[] number = new float[1];
    buffer.read(at, number, 0, 1);
    number[0] += difference;
    buffer.write(at, number, 0, 1);
  }

  @Override
  public String id() {
    return "planted";
  }

  @Override
  public int preference() {
    return -1;
  }

  @Override
  public Kernels open(int threads) {
    Kernels sound = Backends.installed().choose("cpu").open(threads);
    return (Kernels)
        Proxy.newProxyInstance(
            Kernels.class.getClassLoader(),
            new Class<?>[] {Kernels.class},
            (_, method, arguments) -> {
              Object[] given = arguments == null ? new Object[0] : arguments;
              plant.before(method, given);
              try {
                Object made = method.invoke(sound, given);
                plant.after(method, given);
                return made;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
