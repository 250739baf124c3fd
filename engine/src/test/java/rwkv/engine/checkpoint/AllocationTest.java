package rwkv.engine.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that are made to take as much memory as they can, whether they open or not: all that is
 * ever asked for while one is read stays below twice its size and a constant.
 */
class AllocationTest {

  private static final long CONSTANT = 64 << 20;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path folder;

  @Test
  void manyEmptyTensors() throws IOException {
    GgufBuilder gguf = new GgufBuilder();
    BinBuilder bin = new BinBuilder(101, 0);
    StringBuilder safetensors = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      gguf.info("" + i, 0, 0, 0);
      bin.floats("" + i, new float[0], 0);
      safetensors.append(i == 0 ? "{" : ",").append("\"").append(i);
      safetensors.append("\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}");
    }
    assertModest(gguf.toBytes());
    assertModest(bin.toBytes());
    assertModest(safetensors(safetensors.append("}").toString()));
    assertModest(gguf.claim(Long.MAX_VALUE, 0).toBytes());
  }

  @Test
  void vocabulariesOfNothing() throws IOException {
    LittleEndian tokens = new LittleEndian().u4(8).i8(1 << 19).bytes(new byte[8 << 19]);
    assertModest(new GgufBuilder().entry("tokenizer.ggml.tokens", 9, tokens).toBytes());
    assertModest(new GgufBuilder().entry("other", 9, tokens).toBytes());
  }

  @Test
  void arraysOfEmptyArrays() throws IOException {
    int many = 1_000_000;
    LittleEndian arrays = new LittleEndian().u4(9).i8(many).bytes(new byte[12 * many]);
    assertModest(new GgufBuilder().entry("arrays", 9, arrays).toBytes());
  }

  @Test
  void longTexts() throws IOException {
    String text = "é".repeat(10 << 20);
    assertModest(new GgufBuilder().text("text", text).toBytes());
    assertModest(safetensors("{\"__metadata__\":{\"text\":\"" + text + "\"}}"));
    assertModest(safetensors("{\"" + text + "\":{}}"));
    assertModest(("{\"weight_map\":{\"a\":\"" + text + "\"}}").getBytes(UTF_8));
    PickleBuilder pickle = new PickleBuilder().op('}');
    assertModest(pth(pickle.text("text").text(text).op('s').stop()));
  }

  @Test
  void muchMetadata() throws IOException {
    StringBuilder json = new StringBuilder("{\"__metadata__\":{\"first\":\"\"");
    GgufBuilder gguf = new GgufBuilder();
    PickleBuilder pickle = new PickleBuilder().op('}').op('(');
    for (int i = 0; i < 500_000; i++) {
      json.append(",\"").append(i).append("\":\"\"");
    }
    for (int i = 0; i < 10_000; i++) {
      gguf.text("" + i, "");
    }
    for (int i = 0; i < 200_000; i++) {
      pickle.text("" + i).op('N');
    }
    assertModest(safetensors(json.append("}}").toString()));
    assertModest(gguf.toBytes());
    assertModest(pth(pickle.op('u').stop()));
  }

  @Test
  void whatNobodyAsksForInJson() throws IOException {
    String numbers = "1,".repeat(5_000_000) + "1";
    assertModest(safetensors("{\"a\":{\"x\":[" + numbers + "]}}"));
    assertModest(("{\"x\":[" + numbers + "],\"weight_map\":{}}").getBytes(UTF_8));
    assertModest(safetensors("{\"a\":{\"shape\":[" + numbers + "]}}"));
    String members = "\"x\":1,".repeat(3_000_000) + "\"x\":1";
    assertModest(safetensors("{\"a\":{" + members + "}}"));
    assertModest(("{\"weight_map\":{\"a\":\"b\"},\"m\":{" + members + "}}").getBytes(UTF_8));
  }

  @Test
  void picklesOfTheShortestInstructions() throws IOException {
    for (String instructions :
        new String[] {"}0", "]", "}\u0094", ")\u0085", "]]a0", "(t0", "(l0"}) {
      PickleBuilder pickle = new PickleBuilder();
      for (int i = 0; i < 1_000_000; i++) {
        for (char code : instructions.toCharArray()) {
          pickle.op(code);
        }
      }
      assertModest(pth(pickle.stop()));
    }
  }

  @Test
  void viewsOfManyDimensionsMadeOfOneTuple() throws IOException {
    long[] wide = new long[64];
    Arrays.fill(wide, 1L << 40);
    PickleBuilder pickle = new PickleBuilder().global("torch._utils", "_rebuild_tensor_v2");
    pickle.op('q').raw(1).op('(').storage("FloatStorage", "0", 1).number(0);
    pickle.numbers(wide).numbers(wide).raw(0x89).orderedDict().op('t').op('q').raw(2);
    for (int i = 0; i < 195_000; i++) {
      pickle.op('h').raw(1).op('h').raw(2).op('R');
    }
    assertModest(pth(pickle.stop()));
  }

  @Test
  void archivesOfManyEntries() throws IOException {
    PthBuilder pth = new PthBuilder().zip64().pickle(new PickleBuilder().op('}').stop());
    for (int i = 0; i < 60_000; i++) {
      pth.entry("" + i, new byte[0]);
    }
    assertModest(pth.bytes());
    PthBuilder longNames = new PthBuilder().pickle(new PickleBuilder().op('}').stop());
    for (int i = 0; i < 100; i++) {
      longNames.entry(i + "x".repeat(30_000), new byte[0]);
    }
    assertModest(longNames.bytes());
  }

  @Test
  void indexesOfManyTensors() throws IOException {
    StringBuilder json = new StringBuilder("{\"weight_map\":{\"first\":\"a\"");
    for (int i = 0; i < 500_000; i++) {
      json.append(",\"").append(i).append("\":\"a\"");
    }
    assertModest(json.append("}}").toString().getBytes(UTF_8));
  }

  private static byte[] pth(byte[] pickle) {
    return new PthBuilder().pickle(pickle).bytes();
  }

  private static byte[] safetensors(String header) {
    byte[] bytes = header.getBytes(UTF_8);
    return new LittleEndian().i8(bytes.length).bytes(bytes).toBytes();
  }

  private void assertModest(byte[] content) throws IOException {
    Path file = Files.write(folder.resolve("large"), content);
    String outcome;
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      outcome = checkpoint.toString();
    } catch (CheckpointException e) {
      outcome = e.getMessage();
    }
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertTrue(
        allocated <= 2L * content.length + CONSTANT,
        outcome + ": took " + allocated + " bytes for a file of " + content.length);
  }
}
