package rwkv.engine.checkpoint;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.engine.ReferenceData;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/** Damaged files either open, where the damage does not show, or are refused; nothing else. */
class DamageTest {

  /** Few, so that an everyday run is quick; {@code -Dtests.trials=} asks for more. */
  private static final int TRIALS = Integer.getInteger("tests.trials", 250);

  private static final Seed SEED = Seed.pick(DamageTest.class);

  @TempDir Path folder;

  @Test
  void aTruncatedPthIsRefused() throws IOException {
    refuseEveryTruncation(pth(false), 3);
    refuseEveryTruncation(pth(true), 3);
  }

  @Test
  void aTruncatedSafetensorsIsRefused() throws IOException {
    refuseEveryTruncation(safetensors(), 1);
  }

  @Test
  void aTruncatedReferencePthIsRefused() throws IOException {
    Path file = ReferenceData.require("v7/v7-c128-l3.timestate-fp32.pth");
    refuseEveryTruncation(Files.readAllBytes(file), 97);
  }

  @Test
  void aTruncatedReferenceSafetensorsIsRefused() throws IOException {
    Path file = ReferenceData.require("grad/wkv4_c8.f32.safetensors");
    refuseEveryTruncation(Files.readAllBytes(file), 97);
  }

  @Test
  void aTruncatedGgufIsRefused() throws IOException {
    GgufBuilder gguf = new GgufBuilder().text("key", "value").texts("tokenizer.ggml.tokens", "a");
    gguf.floats("a", new float[16], 8, 2);
    refuseEveryTruncation(gguf.tensor("b", DType.Q8_0, new byte[68 + 28], 32, 2).toBytes(), 28, 1);
  }

  @Test
  void aTruncatedReferenceGgufIsRefused() throws IOException {
    Path file = ReferenceData.require("gguf/v6-c128-l2-v256-q8_0.gguf");
    refuseEveryTruncation(Files.readAllBytes(file), 0, 9973);
  }

  @Test
  void aTruncatedReferenceRwkvCppFileIsRefusedOrLacksTensors() throws IOException {
    byte[] whole = Files.readAllBytes(ReferenceData.require("tiny/tiny-rwkv-5v2-730K-Q5_0.bin"));
    for (int length = 0; length < whole.length; length += 9973) {
      assertTrue(countOrRefuse(Arrays.copyOf(whole, length), "cut to " + length) < 270);
    }
  }

  @Test
  void flippedBytesOfAPickleDoNoHarm() throws IOException {
    byte[] whole = pth(false);
    int start = indexOf(whole, (byte) 0x80, (byte) 2);
    flip(whole, start, indexOf(whole, (byte) 'u', (byte) '.') + 2);
  }

  @Test
  void flippedBytesOfTheZipDirectoryDoNoHarm() throws IOException {
    for (byte[] whole : List.of(pth(false), pth(true))) {
      flip(whole, indexOf(whole, (byte) 'P', (byte) 'K', (byte) 1, (byte) 2), whole.length);
      flip(whole, 0, 60);
    }
  }

  @Test
  void flippedBytesOfASafetensorsHeaderDoNoHarm() throws IOException {
    byte[] whole = safetensors();
    flip(whole, 0, 8 + ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt());
  }

  @Test
  void flippedBytesOfAReferencePthDoNoHarm() throws IOException {
    Path file = ReferenceData.require("v6/v6-c128-l2.timestate-fp32.pth");
    byte[] whole = Files.readAllBytes(file);
    flip(whole, indexOf(whole, (byte) 0x80, (byte) 2), 400);
  }

  @Test
  void randomPicklesDoNoHarm() throws IOException {
    Random random = SEED.random();
    for (int trial = 0; trial < TRIALS; trial++) {
      PickleBuilder pickle = new PickleBuilder().op('}').op('q').raw(0).op('(');
      for (int i = random.nextInt(60); i > 0; i--) {
        switch (random.nextInt(10)) {
          case 0 -> pickle.raw(random.nextInt(256));
          case 1 -> pickle.text("a" + random.nextInt(3));
          case 2 -> pickle.tensor("FloatStorage", "0", random.nextInt(7));
          case 3 -> pickle.op('h').raw(random.nextInt(3));
          case 4 -> pickle.op('q').raw(random.nextInt(3));
          case 5 -> pickle.orderedDict();
          default -> pickle.op("()]}0129NKtseudlabRQ".charAt(random.nextInt(20)));
        }
      }
      PthBuilder pth = new PthBuilder().pickle(pickle.stop()).storage("0", 1, 2, 3, 4, 5, 6);
      openOrRefuse(pth.bytes(), "random pickle " + trial);
    }
  }

  private void flip(byte[] whole, int from, int to) throws IOException {
    Random random = SEED.random();
    for (int trial = 0; trial < TRIALS; trial++) {
      byte[] damaged = whole.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        damaged[from + random.nextInt(to - from)] = (byte) random.nextInt(256);
      }
      openOrRefuse(damaged, "trial " + trial);
    }
  }

  private void refuseEveryTruncation(byte[] whole, int step) throws IOException {
    refuseEveryTruncation(whole, 0, step);
  }

  /**
   * @param padding bytes at the end that nobody needs
   */
  private void refuseEveryTruncation(byte[] whole, int padding, int step) throws IOException {
    for (int length = 0; length < whole.length - padding; length += step) {
      boolean opened = openOrRefuse(Arrays.copyOf(whole, length), "cut to " + length);
      assertFalse(opened, "opened when cut to " + length + " of " + whole.length);
    }
  }

  /** Opens and reads every number, so that a slice too long would show. */
  private boolean openOrRefuse(byte[] content, String what) throws IOException {
    return countOrRefuse(content, what) >= 0;
  }

  /** How many tensors it has, or -1. */
  private int countOrRefuse(byte[] content, String what) throws IOException {
    Path file = Files.write(folder.resolve("damaged"), content);
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      checkpoint.tensors().values().forEach(Tensor::toFloats);
      return checkpoint.tensors().size();
    } catch (CheckpointException e) {
      assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
      return -1;
    } catch (Throwable e) {
      return fail(what + " with " + SEED, e);
    }
  }

  private static byte[] pth(boolean zip64) {
    PickleBuilder pickle = new PickleBuilder().op('}').op('(');
    pickle.text("a").tensor("FloatStorage", "0", 2, 3).text("step").number(70_000);
    pickle.text("b").view("FloatStorage", "0", 6, 0, new long[] {3, 2}, new long[] {1, 3});
    pickle.text("c").tensor("HalfStorage", "1", 2);
    byte[] bytes = pickle.op('u').stop();
    PthBuilder pth = new PthBuilder().pickle(bytes).storage("0", 1, 2, 3, 4, 5, 6).storage("1", 1);
    return (zip64 ? pth.zip64() : pth).descriptors().bytes();
  }

  private byte[] safetensors() throws IOException {
    Path file = folder.resolve("whole.safetensors");
    Tensor a = Tensor.of("a", Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    Tensor none = Tensor.of("none", Shape.of(0, 3));
    SafetensorsWriter.write(file, List.of(a, none, Tensor.of("b", 1, 2)), Map.of("format", "pt"));
    return Files.readAllBytes(file);
  }

  private static int indexOf(byte[] whole, byte... part) {
    for (int i = 0; i <= whole.length - part.length; i++) {
      if (Arrays.equals(whole, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    throw new AssertionError("no " + Arrays.toString(part));
  }
}
