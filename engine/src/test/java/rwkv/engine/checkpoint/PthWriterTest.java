package rwkv.engine.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.engine.Seeds;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Quantiser;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/** What is written as {@code .pth} is what readers find. */
class PthWriterTest {

  @TempDir Path folder;

  private static Tensor random(Random random, String name, DType dtype, Shape shape) {
    byte[] bytes = new byte[(int) dtype.bytes(shape.count())];
    if (dtype == DType.BF16 || dtype == DType.F16 || dtype == DType.F32) {
      float[] numbers = Seeds.normal(random, (int) shape.count(), 1);
      Quantiser.encode(dtype, numbers, 0, numbers.length, MemorySegment.ofArray(bytes), 0);
    }
    return new Tensor(name, dtype, shape, MemorySegment.ofArray(bytes));
  }

  private static List<Tensor> all(Random random) {
    List<Tensor> tensors = new ArrayList<>();
    for (DType dtype : DType.values()) {
      if (!dtype.isQuantised()) {
        tensors.add(random(random, "a " + dtype, dtype, Shape.of(3, 5, 1)));
        tensors.add(random(random, "größe \"\\\n" + dtype, dtype, Shape.of()));
        tensors.add(random(random, "empty." + dtype, dtype, Shape.of(0, 7)));
      }
    }
    tensors.add(random(random, "large", DType.BF16, Shape.of(300, 70_001L / 7)));
    return tensors;
  }

  private Path write(List<Tensor> tensors, long wide) {
    Path file = folder.resolve("written.pth");
    List<TensorSource> sources = tensors.stream().map(TensorSource::of).toList();
    PthWriter.writeSources(file, sources, Map.of(), wide);
    return file;
  }

  private static byte[] bytes(Tensor tensor) {
    return tensor.data().toArray(ValueLayout.JAVA_BYTE);
  }

  @ParameterizedTest
  @ValueSource(longs = {ZipOutput.WIDE, 1, 1000})
  void whatIsWrittenIsRead(long wide) {
    List<Tensor> tensors = all(Seeds.random("tensors"));
    try (Checkpoint checkpoint = Checkpoints.open(write(tensors, wide))) {
      assertEquals(
          tensors.stream().map(Tensor::toString).toList(),
          checkpoint.tensors().values().stream().map(Tensor::toString).toList());
      for (Tensor tensor : tensors) {
        Tensor read = Tensors.require(checkpoint, tensor.name());
        assertArrayEquals(bytes(tensor), bytes(read), tensor::toString);
        if (tensor.count() > 0) {
          assertEquals(0, read.data().address() % 64, tensor + " is aligned");
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {ZipOutput.WIDE, 1, 1000})
  void theArchiveIsSoundForOthers(long wide) throws IOException {
    List<Tensor> tensors = all(new Random(1));
    try (ZipFile zip = new ZipFile(write(tensors, wide).toFile())) {
      assertEquals(tensors.size() + 3, zip.size());
      for (var entry : zip.stream().toList()) {
        // Reading to the end checks the sum.
        assertEquals(entry.getSize(), zip.getInputStream(entry).readAllBytes().length);
      }
      assertArrayEquals(
          bytes(tensors.getFirst()),
          zip.getInputStream(zip.getEntry("archive/data/0")).readAllBytes());
    }
  }

  @Test
  void textsBesideTheTensorsAreRead() {
    Path file = folder.resolve("texts.pth");
    PthWriter.writeSources(
        file, List.of(TensorSource.of(Tensor.of("a", 1))), Map.of("rosa_bits", "4"));
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      assertEquals("4", checkpoint.metadata().get("rosa_bits"));
    }
  }

  @Test
  void whatCannotBeWrittenLeavesTheOldFile() throws IOException {
    Path file = Files.writeString(folder.resolve("old.pth"), "old");
    Tensor one = Tensor.of("a", 1);
    assertThrows(IllegalArgumentException.class, () -> PthWriter.write(file, List.of(one, one)));
    Tensor blocks = random(new Random(1), "q", DType.Q8_0, Shape.of(1, 32));
    CheckpointException refused =
        assertThrows(CheckpointException.class, () -> PthWriter.write(file, List.of(blocks)));
    assertTrue(refused.getMessage().contains("no quantised types"), refused.getMessage());
    assertEquals("old", Files.readString(file));
  }

  @Test
  void pyTorchReadsIt() throws IOException, InterruptedException {
    String python = "/usr/bin/python3";
    assumeTrue(run(python, "-c", "import torch").code == 0, "skipped: no python3 with torch here");
    List<Tensor> tensors =
        List.of(
            random(new Random(3), "größe", DType.F32, Shape.of(3, 50)),
            random(new Random(4), "blocks.0.x", DType.BF16, Shape.of(1, 1, 77)),
            random(new Random(5), "half", DType.F16, Shape.of()));
    String script =
        """
        import sys, torch
        more = {'weights_only': True} if sys.argv[2] == 'safe' else {}
        for name, t in torch.load(sys.argv[1], **more).items():
            print(name.encode('ascii', 'replace').decode(), t.dtype, list(t.shape), repr(t.double().sum().item()))
        """;
    for (long wide : new long[] {ZipOutput.WIDE, 1}) {
      Path file = write(tensors, wide);
      for (String mode : List.of("safe", "plain")) {
        Ran ran = run(python, "-c", script, file.toString(), mode);
        assertEquals(0, ran.code, ran.text);
        String[] lines = ran.text.strip().split("\\R");
        assertEquals(3, lines.length, ran.text);
        assertTrue(lines[0].startsWith("gr??e torch.float32 [3, 50] "), lines[0]);
        assertTrue(lines[1].startsWith("blocks.0.x torch.bfloat16 [1, 1, 77] "), lines[1]);
        assertTrue(lines[2].startsWith("half torch.float16 [] "), lines[2]);
        for (int i = 0; i < 3; i++) {
          double sum = 0;
          for (long j = 0; j < tensors.get(i).count(); j++) {
            sum += tensors.get(i).get(j);
          }
          String told = lines[i].substring(lines[i].lastIndexOf(' ') + 1);
          assertEquals(sum, Double.parseDouble(told), 1e-9, lines[i]);
        }
      }
    }
  }

  /** What a program said and how it ended. */
  private record Ran(int code, String text) {}

  private static Ran run(String... words) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ran(process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1, text);
    } catch (IOException e) {
      return new Ran(-1, String.valueOf(e.getMessage()));
    }
  }
}
