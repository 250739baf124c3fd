package rwkv.engine.model;

import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Kernels;

/** The buffers of a pass through ROSA, and where in a layer's state its parts begin. */
final class RosaRoom {

  private final Kernels kernels;
  private final RosaMixing.Sizes sizes;
  private final int part;
  private RosaMixing.@Nullable Room room;

  RosaRoom(Kernels kernels, RosaMixing.Sizes sizes, int part) {
    this.kernels = kernels;
    this.sizes = sizes;
    this.part = part;
  }

  void begin(int batch, int time) {
    RosaMixing.Room old = room;
    if (old == null || old.x().batch() != batch || old.x().time() != time) {
      room = sizes.room(kernels, batch, time);
    }
  }

  Branch branch(int layer, RosaMixing rosa) {
    return (out, z, x, state, trace) -> {
      RosaMixing.Room begun = room;
      if (begun == null) {
        throw new IllegalStateException("not begun");
      }
      rosa.forward(out, z, memory(layer, state), begun, trace);
    };
  }

  private RosaMixing.Memory memory(int layer, State state) {
    return new RosaMixing.Memory(
        state.part(layer, part),
        state.history(layer, part + 1),
        state.history(layer, part + 2),
        state.history(layer, part + 3),
        state.memo(layer, () -> kernels.rosaMemo(state.batch())));
  }
}
