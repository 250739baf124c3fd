package rwkv.engine.train;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.naming.Form;
import rwkv.engine.naming.OfficialTensors;
import rwkv.engine.naming.Part;
import rwkv.engine.tensor.Tensor;

/**
 * The decay parameters of a checkpoint, whatever the file calls them and does to them: read, or
 * replaced in memory by a curve.
 */
public final class CheckpointDecays {

  private CheckpointDecays() {}

  /**
   * Reads the decays of a model. Where a file keeps decays as factors per token that have become 0
   * or 1, the nearest that the version can express stands for them.
   *
   * @param shape of the model in the checkpoint
   * @throws CheckpointException if a tensor is missing, of another size, or holds what is no decay
   */
  public static DecayCurve read(Checkpoint checkpoint, DecayShape shape) {
    Map<String, Part> parts = OfficialTensors.of(checkpoint).parts();
    double[][] raw = new double[shape.layers()][];
    for (int layer = 0; layer < raw.length; layer++) {
      raw[layer] = read(checkpoint, part(checkpoint, parts, layer), shape);
    }
    return DecayCurve.of(shape, raw);
  }

  private static double[] read(Checkpoint checkpoint, Part part, DecayShape shape) {
    Tensor tensor = part.tensor();
    if (tensor.count() != shape.values()) {
      throw new CheckpointException(
          checkpoint.path(),
          "tensor %s has the shape %s, expected %d decays"
              .formatted(tensor.name(), tensor.shape(), shape.values()));
    }
    float[] stored = tensor.toFloats();
    double[] raw = new double[stored.length];
    for (int i = 0; i < raw.length; i++) {
      double undone = part.form().undo(stored[i]);
      if (Double.isNaN(undone)) {
        throw new CheckpointException(
            checkpoint.path(), "tensor %s holds %s, no decay".formatted(tensor.name(), stored[i]));
      }
      DecayScale scale = shape.scale();
      raw[i] =
          Double.isFinite(undone) ? undone : undone < 0 ? scale.lowestRaw() : scale.highestRaw();
    }
    return raw;
  }

  private static Part part(Checkpoint checkpoint, Map<String, Part> parts, int layer) {
    for (String name : List.of("w0", "time_decay")) {
      Part part = parts.get("blocks." + layer + ".att." + name);
      if (part != null) {
        return part;
      }
    }
    throw new CheckpointException(
        checkpoint.path(),
        "has no decays for layer %d (att.w0 or att.time_decay)".formatted(layer));
  }

  /**
   * The same model with other decays. Layers whose decays are as in the file keep the file's
   * tensor; others get one of type F32. Nothing is written.
   *
   * @param source closed with what is returned
   * @throws IllegalArgumentException if the curve has not as many layers and decays as the model
   * @throws CheckpointException as {@link #read}
   */
  public static Checkpoint replaced(Checkpoint source, DecayCurve curve) {
    Map<String, Part> parts = OfficialTensors.of(source).parts();
    if (parts.containsKey("blocks." + curve.shape().layers() + ".ln1.weight")) {
      throw new IllegalArgumentException(
          "the decay curve was made for %s; the model has more layers".formatted(curve.shape()));
    }
    DecayCurve before = read(source, curve.shape());
    Map<String, Tensor> tensors = new LinkedHashMap<>(source.tensors());
    for (int layer = 0; layer < curve.shape().layers(); layer++) {
      if (!Arrays.equals(before.raw(layer), curve.raw(layer))) {
        Part part = part(source, parts, layer);
        double[] raw = curve.raw(layer);
        tensors.computeIfPresent(part.tensor().name(), (_, old) -> tensor(old, raw, part.form()));
      }
    }
    return new Replaced(source, Collections.unmodifiableMap(tensors));
  }

  private static Tensor tensor(Tensor old, double[] raw, Form form) {
    float[] numbers = new float[raw.length];
    for (int i = 0; i < raw.length; i++) {
      numbers[i] = (float) form.apply(raw[i]);
    }
    return Tensor.of(old.name(), old.shape(), numbers);
  }

  /** A checkpoint some of whose tensors are others. */
  private record Replaced(Checkpoint source, Map<String, Tensor> tensors) implements Checkpoint {

    @Override
    public Path path() {
      return source.path();
    }

    @Override
    public List<Path> files() {
      return source.files();
    }

    @Override
    public String format() {
      return source.format();
    }

    @Override
    public Map<String, String> metadata() {
      return source.metadata();
    }

    @Override
    public List<String> vocabulary() {
      return source.vocabulary();
    }

    @Override
    public String savedAs() {
      return source.savedAs();
    }

    @Override
    public void close() {
      source.close();
    }
  }
}
