package rwkv.app.probing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import rwkv.engine.checkpoint.AtomicFile;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.plugin.ProbeResult;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A run as files: {@code run.json} and a file for every table. */
public final class RunFolder {

  /** The file that says what the others are; written last. */
  public static final String RUN = "run.json";

  private static final long LARGEST = 16 << 20;
  private static final int DEEPEST = 10;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .build())
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private RunFolder() {}

  /**
   * Writes the files of a run that is over.
   *
   * @param folder that exists
   * @throws IOException if they cannot be written
   */
  public static void write(ProbeRun run, Path folder) throws IOException {
    ObjectNode json = RunJson.write(run);
    TableFiles.write(run.result().tables(), folder, json.putArray("tables"));
    byte[] bytes = (JSON.writeValueAsString(json) + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      AtomicFile.write(
          folder.resolve(RUN),
          channel -> {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
              channel.write(rest);
            }
          });
    } catch (CheckpointException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * A run with the rows of its tables.
   *
   * @param file its {@code run.json}
   * @throws IOException in a sentence, if it is none or a table is missing
   */
  public static ProbeRun read(Path file) throws IOException {
    JsonFields json = json(file);
    ProbeRun head = RunJson.read(json);
    ProbeResult result = head.result();
    Path folder = file.toAbsolutePath().getParent();
    ProbeRun run =
        head.with(
            new ProbeResult(
                TableFiles.read(json.objects("tables"), folder == null ? file : folder),
                result.charts(),
                result.figures(),
                result.verdict()));
    return ResultCheck.requireColumns(run, json.where());
  }

  /**
   * A run without its tables.
   *
   * @param file its {@code run.json}
   * @throws IOException in a sentence, if it is none
   */
  public static ProbeRun readHead(Path file) throws IOException {
    return RunJson.read(json(file));
  }

  private static JsonFields json(Path file) throws IOException {
    if (Files.size(file) > LARGEST) {
      throw new IOException(
          "%s: it is larger than the %d MB that it may have".formatted(file, LARGEST >> 20));
    }
    try {
      return JsonFields.of(JSON.readTree(Files.readString(file)), file.toString());
    } catch (JacksonException e) {
      throw new IOException(file + ": it is not JSON: " + e.getOriginalMessage(), e);
    }
  }
}
