package rwkv.app.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/** {@code rwkv logits}, alone and against the reference vectors. */
class LogitsCommandTest {

  private static final double TOLERANCE = 1e-4;

  @TempDir Path folder;

  @Test
  void writesWhatIsPromised() {
    Path model = TestModel.write(folder);
    Path out = folder.resolve("out.safetensors");
    Cli.ok("logits", model, "--tokens", "7, 8 9", "--out", out);
    try (Checkpoint file = Checkpoints.open(out)) {
      assertEquals(
          List.of(
              "tokens",
              "logits",
              "state.3.0.att_x",
              "state.3.0.att_kv",
              "state.3.0.ffn_x",
              "state.3.1.att_x",
              "state.3.1.att_kv",
              "state.3.1.ffn_x"),
          List.copyOf(file.tensors().keySet()));
      Tensor tokens = tensor(file, "tokens");
      assertEquals(DType.I32, tokens.dtype());
      assertArrayEquals(new float[] {7, 8, 9}, tokens.toFloats());
      assertEquals(Shape.of(3, TestModel.VOCABULARY), tensor(file, "logits").shape());
      assertEquals(DType.F32, tensor(file, "logits").dtype());
      assertEquals(Shape.of(32), tensor(file, "state.3.1.ffn_x").shape());
      assertEquals(Shape.of(2, 16, 16), tensor(file, "state.3.1.att_kv").shape());
    }
    assertEquals(List.of("out.safetensors", "tiny.safetensors", "tiny.vocab.txt"), files());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 16, 1000})
  void chunksDoNotChangeABit(int chunk) throws Exception {
    Path model = TestModel.write(folder);
    String tokens = tokens(37);
    Path usual = folder.resolve("usual.safetensors");
    Path chunked = folder.resolve("chunked.safetensors");
    Cli.ok("logits", model, "--tokens", tokens, "--out", usual);
    Cli.ok("logits", model, "--tokens", tokens, "--chunk", chunk, "--out", chunked, "--threads", 3);
    assertEquals(-1, Files.mismatch(usual, chunked));
  }

  @Test
  void goesOnFromAState() throws Exception {
    Path model = TestModel.write(folder);
    int[] ids = IntStream.range(40, 70).toArray();
    Path whole = folder.resolve("whole.safetensors");
    Path first = folder.resolve("first.safetensors");
    Path second = folder.resolve("second.safetensors");
    Path list = Files.writeString(folder.resolve("ids.txt"), join(ids, 12, 30).replace(',', '\n'));
    Cli.ok("logits", model, "--tokens", join(ids, 0, 30), "--out", whole);
    Cli.ok("logits", model, "--tokens", join(ids, 0, 12), "--out", first);
    Cli.ok("logits", model, "--tokens", "@" + list, "--state", first, "--out", second);
    try (Checkpoint a = Checkpoints.open(whole);
        Checkpoint b = Checkpoints.open(second)) {
      float[] logits = tensor(a, "logits").toFloats();
      float[] last = Arrays.copyOfRange(logits, 12 * TestModel.VOCABULARY, logits.length);
      assertArrayEquals(last, tensor(b, "logits").toFloats());
      assertArrayEquals(
          tensor(a, "state.30.1.att_kv").toFloats(), tensor(b, "state.18.1.att_kv").toFloats());
      assertEquals("30", b.metadata().get("position"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v7-c128-l3-v256-bf16", "v7-c128-l2-v300-ranks-fp32", "with-timestate"})
  void agreesWithTheReference(String name) {
    boolean tuned = name.equals("with-timestate");
    String base = tuned ? "v7-c128-l3-v256" : name;
    Path model = reference(tuned ? base + "-bf16.pth" : base + ".pth");
    Path vectors =
        reference(
            tuned
                ? base + "-with-timestate-bf16.vectors.safetensors"
                : base + ".vectors.safetensors");
    Path out = folder.resolve("out.safetensors");
    try (Checkpoint wanted = Checkpoints.open(vectors)) {
      int[] ids = ints(tensor(wanted, "tokens"));
      Object[] command = {
        "logits", model, "--tokens", join(ids, 0, ids.length), "--chunk", 11, "--out", out
      };
      if (tuned) {
        command = Arrays.copyOf(command, command.length + 2);
        command[command.length - 2] = "--state";
        command[command.length - 1] = reference("v7-c128-l3.timestate-fp32.pth");
      }
      Cli.ok(command);
      try (Checkpoint found = Checkpoints.open(out)) {
        close(tensor(wanted, "logits"), tensor(found, "logits"));
        List<String> states =
            found.tensors().keySet().stream().filter(key -> key.startsWith("state.")).toList();
        assertEquals(found.tensors().size() - 2, states.size());
        states.forEach(key -> close(tensor(wanted, key), tensor(found, key)));
      }
    }
  }

  private static Path reference(String file) {
    return TestModel.require("shared/reference/v7/" + file);
  }

  private static Tensor tensor(Checkpoint file, String name) {
    Tensor tensor = file.tensors().get(name);
    if (tensor == null) {
      throw new AssertionError(name + " is missing among " + file.tensors().keySet());
    }
    return tensor;
  }

  private static void close(Tensor wanted, Tensor found) {
    assertEquals(wanted.shape(), found.shape(), wanted.name());
    for (long i = 0; i < wanted.count(); i++) {
      double tolerance = TOLERANCE * (1 + Math.abs(wanted.get(i)));
      assertEquals(wanted.get(i), found.get(i), tolerance, wanted.name() + " at " + i);
    }
  }

  private static int[] ints(Tensor tensor) {
    return IntStream.range(0, (int) tensor.count()).map(i -> (int) tensor.get(i)).toArray();
  }

  private static String tokens(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> String.valueOf(i * 31 % 256))
        .collect(Collectors.joining(","));
  }

  private static String join(int[] ids, int from, int until) {
    return Arrays.stream(ids, from, until)
        .mapToObj(String::valueOf)
        .collect(Collectors.joining(","));
  }

  private List<String> files() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
