package rwkv.engine.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import rwkv.engine.checkpoint.AtomicFile;
import rwkv.engine.checkpoint.CheckpointException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decay curves in files:
 *
 * <pre>
 * {"format": "rwkv-decay-curve", "version": "7", "layers": 2, "channels": 4, "head_size": 2,
 *  "raw": [[-5.5, -3, -1, 0.5], [-5.5, -4, -2, 0.5]]}
 * </pre>
 *
 * <p>{@code raw} has an array for every layer, of a number for every channel (5.0, 5.1: head). In
 * its place {@code half_lives} may stand, in tokens. {@code head_size} is missing for RWKV-4.
 */
public final class DecayFile {

  static final String FORMAT = "rwkv-decay-curve";
  static final String RAW = "raw";
  static final String HALF_LIVES = "half_lives";

  /** The largest published model takes a third of it. */
  private static final int LARGEST = 1 << 24;

  private static final int DEEPEST = 10;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private DecayFile() {}

  /**
   * Writes a curve, raw; replaces the file only when all is written.
   *
   * @throws CheckpointException if the file cannot be written
   */
  public static void save(Path file, DecayCurve curve) {
    byte[] bytes = JSON.writeValueAsBytes(json(curve));
    AtomicFile.write(
        file,
        channel -> {
          ByteBuffer rest = ByteBuffer.wrap(bytes);
          while (rest.hasRemaining()) {
            channel.write(rest);
          }
        });
  }

  private static ObjectNode json(DecayCurve curve) {
    DecayShape shape = curve.shape();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("format", FORMAT);
    json.put("version", ModelPlan.number(shape.version()));
    json.put("layers", shape.layers());
    json.put("channels", shape.channels());
    if (shape.version().hasHeads()) {
      json.put("head_size", shape.headSize());
    }
    ArrayNode layers = json.putArray(RAW);
    for (int layer = 0; layer < shape.layers(); layer++) {
      ArrayNode values = layers.addArray();
      for (double value : curve.raw(layer)) {
        values.add(value);
      }
    }
    return json;
  }

  /**
   * Reads a curve. Half-lives that its version cannot express are replaced by the nearest, and the
   * result says so.
   *
   * @throws CheckpointException if the file cannot be read or is no decay curve, in one sentence
   *     that names the file and the field
   */
  public static DecayCurve.Fitted load(Path file) {
    return new DecayReading(file, tree(file)).curve();
  }

  private static JsonNode tree(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        throw new CheckpointException(
            file, "has more than %d bytes, too many for a decay curve".formatted(LARGEST));
      }
      return JSON.readTree(Files.readAllBytes(file));
    } catch (JacksonException e) {
      throw new CheckpointException(
          file, "is not well-formed JSON: " + oneLine(e.getOriginalMessage()), e);
    } catch (NoSuchFileException e) {
      throw new CheckpointException(file, "no such file", e);
    } catch (IOException e) {
      throw new CheckpointException(
          file, "cannot be read: " + oneLine(String.valueOf(e.getMessage())), e);
    }
  }

  static String oneLine(String text) {
    return text.replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}]+", " ");
  }
}
