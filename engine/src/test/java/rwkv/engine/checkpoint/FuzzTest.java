package rwkv.engine.checkpoint;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import rwkv.engine.ReferenceData;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/**
 * Thousands of damaged files of every format: each either opens, and then its tensors can be read,
 * or is refused with a message that names it; nothing else happens, and it takes no more memory
 * than twice the file and a constant. The limit of time only ends what would never end.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FuzzTest {

  /** For each format; {@code -Dtests.trials=} asks for more. */
  private static final int TRIALS = Integer.getInteger("tests.trials", 3000);

  private static final Seed SEED = Seed.pick(FuzzTest.class);
  private static final long CONSTANT = 4 << 20;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path folder;

  private int opened;
  private int refused;

  @Test
  void damagedPthFilesDoNoHarm() throws IOException {
    List<Path> files = reference(".pth");
    files.add(pth(false).writeTo(folder.resolve("small.pth")));
    files.add(pth(true).writeTo(folder.resolve("small64.pth")));
    fuzz(files);
  }

  @Test
  void damagedSafetensorsFilesDoNoHarm() throws IOException {
    List<Path> files = reference(".safetensors");
    Path small = folder.resolve("small.safetensors");
    Tensor a = Tensor.of("a", Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    SafetensorsWriter.write(small, List.of(a, Tensor.of("b", 1, 2)), Map.of("format", "pt"));
    files.add(small);
    fuzz(files);
  }

  @Test
  void damagedGgufFilesDoNoHarm() throws IOException {
    List<Path> files = reference(".gguf");
    files.add(gguf(32).writeTo(folder.resolve("small.gguf")));
    files.add(gguf(1).version(2).writeTo(folder.resolve("tight.gguf")));
    fuzz(files);
  }

  @Test
  void damagedRwkvCppFilesDoNoHarm() throws IOException {
    List<Path> files = reference("-Q5_1.bin");
    files.addAll(reference("-Q5_0.bin"));
    BinBuilder bin = new BinBuilder(101, BinBuilder.Q8_0);
    bin.floats("blocks.0.ln1.weight", new float[] {1, 2, 3}, 3);
    bin.tensor("emb.weight", BinBuilder.FP16, new byte[12], 2, 3);
    bin.tensor("head.weight", BinBuilder.Q8_0, new byte[3 * 34], 32, 1, 3);
    files.add(bin.writeTo(folder.resolve("small.bin")));
    fuzz(files);
  }

  @Test
  void damagedIndexesDoNoHarm() throws IOException {
    StringBuilder map = new StringBuilder();
    for (int shard = 1; shard <= 3; shard++) {
      String file = "m-0000" + shard + "-of-00003.safetensors";
      List<Tensor> tensors = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        tensors.add(Tensor.of("t" + shard + i, shard, i));
        map.append(map.isEmpty() ? "" : ",")
            .append("\n    \"t" + shard + i + "\": \"" + file + "\"");
      }
      SafetensorsWriter.write(folder.resolve(file), tensors, Map.of("format", "pt"));
    }
    Path index = folder.resolve("m.safetensors.index.json");
    Files.writeString(
        index, "{\n  \"metadata\": {\"total_size\": 72},\n  \"weight_map\": {" + map + "\n  }\n}");
    byte[] whole = Files.readAllBytes(index);
    fuzz(new Victim(index, whole, new boolean[whole.length]), TRIALS);
    assertBothHappened();
  }

  /** Each of the files gets its share of the trials, in a copy of its own. */
  private void fuzz(List<Path> files) throws IOException {
    for (Path file : files) {
      byte[] whole = Files.readAllBytes(file);
      Path copy = folder.resolve("damaged-" + file.getFileName());
      int share = whole.length < 10_000 ? TRIALS / 4 : Math.max(12, TRIALS / 2 / files.size());
      fuzz(new Victim(copy, whole, Victim.dataOf(file)), share);
    }
    assertBothHappened();
  }

  private void fuzz(Victim victim, int trials) throws IOException {
    Random random = SEED.random();
    try (victim) {
      for (int trial = 0; trial < trials; trial++) {
        victim.damage(random);
        String what = "%s, trial %d with %s".formatted(victim.file(), trial, SEED);
        if (openOrRefuse(victim, what)) {
          opened++;
        } else {
          refused++;
        }
        victim.restore();
      }
    }
  }

  private void assertBothHappened() {
    String outcome = opened + " damaged files opened, " + refused + " were refused";
    assertTrue(opened > 0 && refused > 0, outcome + ": damage that tells nothing");
  }

  private boolean openOrRefuse(Victim victim, String what) {
    boolean opens = false;
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try (Checkpoint checkpoint = Checkpoints.open(victim.file())) {
      for (Tensor tensor : checkpoint.tensors().values()) {
        if (tensor.count() > 0) {
          tensor.get(0);
          tensor.get(tensor.count() - 1);
        }
      }
      opens = true;
    } catch (CheckpointException e) {
      String message = e.getMessage();
      assertTrue(message.contains(folder.toString()), () -> what + ": " + message);
      assertTrue(!message.contains("\n") && message.length() < 1000, () -> what + ": " + message);
    } catch (Throwable e) {
      fail(what, e);
    }
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertTrue(
        allocated <= 2L * victim.length() + CONSTANT,
        () -> what + ": took " + allocated + " bytes for a file of " + victim.length());
    return opens;
  }

  private static List<Path> reference(String suffix) {
    List<Path> found = new ArrayList<>();
    if (ReferenceData.folder().isPresent()) {
      found.addAll(ReferenceData.requireAll(suffix));
    }
    return found;
  }

  private static PthBuilder pth(boolean zip64) {
    PickleBuilder pickle = new PickleBuilder().op('}').op('(');
    pickle.text("a").tensor("FloatStorage", "0", 2, 3).text("step").number(70_000);
    pickle.text("b").view("FloatStorage", "0", 6, 0, new long[] {3, 2}, new long[] {1, 3});
    pickle.text("c").tensor("HalfStorage", "1", 2);
    PthBuilder pth = new PthBuilder().pickle(pickle.op('u').stop());
    pth.storage("0", 1, 2, 3, 4, 5, 6).storage("1", 1);
    return (zip64 ? pth.zip64() : pth).descriptors();
  }

  private static GgufBuilder gguf(int alignment) {
    GgufBuilder gguf = new GgufBuilder().alignment(alignment).u32("general.alignment", alignment);
    gguf.text("general.architecture", "rwkv7").texts("tokenizer.ggml.tokens", "a", "b", "c");
    gguf.entry("n", 9, new LittleEndian().u4(9).i8(1).u4(5).i8(2).i8(7));
    gguf.floats("a", new float[] {1, 2, 3, 4, 5, 6}, 3, 2).floats("b", new float[] {7}, 1);
    gguf.tensor("c", DType.Q8_0, new byte[68], 32, 2);
    return gguf.tensor("d", DType.Q6_K, new byte[210], 256);
  }
}
