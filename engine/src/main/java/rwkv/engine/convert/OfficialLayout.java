package rwkv.engine.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import rwkv.engine.naming.OfficialTensors;
import rwkv.engine.naming.Part;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;

/** A model's tensors as official checkpoints have them. */
final class OfficialLayout {

  /** Vectors that official files store as {@code [1,1,C]}. */
  private static final Pattern ROW =
      Pattern.compile(
          "blocks\\.\\d+\\.(?:att\\.(?:x_[a-z]|[wav]0|k_[ka]|time_m(?:ix|aa)_[a-z])"
              + "|ffn\\.(?:x_[a-z]|s0|time_m(?:ix|aa)_[a-z])|qkv\\.x_[qkv])");

  private static final Pattern DECAY = Pattern.compile("blocks\\.\\d+\\.att\\.time_decay");

  private OfficialLayout() {}

  /**
   * The tensors of the new file.
   *
   * @param dtype of all of them; null to keep each as it is stored, but for those of quantised
   *     types, which become BF16
   */
  static List<TargetTensor> tensors(OfficialTensors official, @Nullable DType dtype) {
    boolean six = official.parts().containsKey("blocks.0.att.time_maa_x");
    List<TargetTensor> tensors = new ArrayList<>();
    for (Map.Entry<String, Part> entry : official.parts().entrySet()) {
      String name = entry.getKey();
      Part part = entry.getValue();
      boolean row = ROW.matcher(name).matches() || six && DECAY.matcher(name).matches();
      tensors.add(
          new TargetTensor(
              name,
              part.tensor().name(),
              dtype != null ? dtype : kept(part.tensor().dtype()),
              row ? Shape.of(1, 1, part.tensor().count()) : part.shape(),
              OfficialNumbers.of(part, false)));
    }
    return tensors;
  }

  private static DType kept(DType stored) {
    return stored.isQuantised() ? DType.BF16 : stored;
  }
}
