package rwkv.engine.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.engine.Compare;
import rwkv.engine.ReferenceData;
import rwkv.engine.Seeds;
import rwkv.engine.TinyModel;
import rwkv.engine.TinyVersion;
import rwkv.engine.backend.Backends;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Rwkv;
import rwkv.engine.model.State;
import rwkv.engine.tensor.Tensor;
import rwkv.engine.trace.Trace;

/** Whole models on an emulated card. */
class CudaModelsTest {

  private static final long GIGABYTE = 1L << 30;

  /** What the reference data asks for in f32. */
  private static final double GOLDEN = 1e-4;

  /** Random models have larger numbers than trained ones, and sums are taken in another order. */
  private static final double TOLERANCE = 1e-3;

  private static final int TOKENS = 7;

  @TempDir static Path folder;

  private static Emulator emulator;

  private final Random random = Seeds.random("models on a card");

  @BeforeAll
  static void compile() throws Exception {
    emulator = Emulators.compile(folder);
  }

  /** A model with a state of its own. */
  private record Running(Rwkv model, State state, Buffer logits) {

    static Running of(Checkpoint checkpoint, Kernels kernels) {
      Rwkv model = Rwkv.load(checkpoint, kernels, Progress.NONE);
      return new Running(model, model.state(1), model.logits(1, 1));
    }

    float[] decode(int token) {
      model.forward(logits, new int[] {token}, 1, state, Trace.OFF);
      return logits.toArray();
    }
  }

  private Checkpoint small(TinyVersion version) {
    Path file = TinyModel.small(version).write(folder.resolve(version + ".safetensors"), random);
    return Checkpoints.open(file);
  }

  @ParameterizedTest
  @EnumSource(TinyVersion.class)
  void decodingAndPrefillGiveWhatTheReferenceGives(TinyVersion version) {
    try (Checkpoint checkpoint = small(version);
        Kernels reference = Backends.installed().choose("reference").open(1);
        Kernels card = new CudaKernels(new EmulatedDriver(emulator, GIGABYTE))) {
      Running expected = Running.of(checkpoint, reference);
      Running actual = Running.of(checkpoint, card);
      int[] tokens = random.ints(TOKENS, 0, expected.model.spec().vocabulary()).toArray();
      float[] wanted = {};
      for (int token : tokens) {
        wanted = expected.decode(token);
        Compare.close(version + " decoding", wanted, actual.decode(token), TOLERANCE, TOLERANCE);
      }
      State state = actual.model.state(1);
      actual.model.forward(actual.logits, tokens, tokens.length, state, Trace.OFF);
      float[] prefilled = actual.logits.toArray();
      Compare.close(version + " prefill", wanted, prefilled, TOLERANCE, TOLERANCE);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v4/v4-c80-l2-v300-fp32",
        "v5.2/v5.2-c128-l2-v256-bf16",
        "v6/v6-c128-l2-v256-bf16",
        "v7/v7-c128-l3-v256-bf16",
        "v7a/v7a-c128-l2-v64-bf16",
        "v7b/v7b-c128-l2-v64-bf16",
        "v8-rosa/rosa4bit-lm-c64-l2-v96-bf16"
      })
  void referenceModelsGiveTheReferenceLogits(String name) {
    try (Checkpoint checkpoint = Checkpoints.open(ReferenceData.require(name + ".pth"));
        Checkpoint vectors =
            Checkpoints.open(ReferenceData.require(name + ".vectors.safetensors"));
        Kernels card = new CudaKernels(new EmulatedDriver(emulator, GIGABYTE))) {
      Map<String, Tensor> expected = vectors.tensors();
      int[] tokens = Compare.ints(expected.get("tokens"));
      Running running = Running.of(checkpoint, card);
      for (int t = 0; t < TOKENS; t++) {
        float[] logits = running.decode(tokens[t]);
        Compare.close(
            name + ", token " + t, Compare.row(expected.get("logits"), t), logits, GOLDEN, 0);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TinyVersion.class)
  void decodingATokenIsOneLaunchAndOneCopy(TinyVersion version) {
    EmulatedDriver driver = new EmulatedDriver(null, GIGABYTE);
    try (Checkpoint checkpoint = small(version);
        Kernels card = new CudaKernels(driver)) {
      Running running = Running.of(checkpoint, card);
      running.decode(1);
      running.decode(2);
      int alone = driver.launches.size();
      int downloads = driver.downloads;
      int graphs = driver.launchedGraphs.size();
      for (int token = 3; token < 10; token++) {
        running.decode(token);
      }
      assertEquals(alone, driver.launches.size(), "kernels launched alone");
      assertEquals(graphs + 7, driver.launchedGraphs.size(), "graphs launched");
      assertEquals(downloads + 7, driver.downloads, "copies from the card");
      assertEquals(1, driver.launchedGraphs.stream().distinct().count());
    }
  }

  @Test
  void modelsShareACardAndGiveEverythingBack() {
    EmulatedDriver driver = new EmulatedDriver(emulator, GIGABYTE);
    try (Checkpoint checkpoint = small(TinyVersion.V7)) {
      Kernels first = new CudaKernels(driver);
      Kernels second = new CudaKernels(driver);
      Running one = Running.of(checkpoint, first);
      Running other = Running.of(checkpoint, second);
      for (int token = 0; token < 4; token++) {
        float[] wanted = one.decode(token);
        Compare.close("the same model twice", wanted, other.decode(token), 0, 0);
      }
      int pieces = driver.pieces();
      first.close();
      assertTrue(driver.pieces() > 0 && driver.pieces() < pieces, "one model's memory");
      other.decode(5);
      second.close();
      assertEquals(0, driver.pieces(), "memory that was not freed");
      assertEquals(0, driver.graphs(), "graphs that were not destroyed");
      assertEquals(2, driver.closed);
    }
  }

  @Test
  void aCardThatIsTooSmallSaysWhatIsMissing() {
    EmulatedDriver driver = new EmulatedDriver(null, 4096);
    try (Checkpoint checkpoint = small(TinyVersion.V7);
        Kernels card = new CudaKernels(driver)) {
      OutOfDeviceMemoryException refused =
          assertThrows(OutOfDeviceMemoryException.class, () -> Running.of(checkpoint, card));
      assertTrue(
          refused
              .getMessage()
              .matches(
                  ".*V7[.]safetensors does not fit on emulated card: about [0-9,]+ bytes are needed"
                      + " for weights, state and working buffers, 3,840 of 4,096 are free"),
          refused.getMessage());
    }
    assertEquals(0, driver.uploads, "copies to a card that is too small");
    assertEquals(0, driver.pieces());
  }

  @Test
  void whatItHoldsIsWhatTheCardMisses() {
    EmulatedDriver driver = new EmulatedDriver(null, GIGABYTE);
    try (Checkpoint checkpoint = small(TinyVersion.V7)) {
      Kernels card = new CudaKernels(driver);
      long before = card.heldBytes();
      Running running = Running.of(checkpoint, card);
      running.decode(1);
      assertTrue(card.heldBytes() > before);
      assertEquals(GIGABYTE - driver.freeBytes(), card.heldBytes());
      card.close();
      assertEquals(0, card.heldBytes());
    }
  }

  @ParameterizedTest
  @EnumSource(TinyVersion.class)
  void whatIsSaidToBeNeededIsEnough(TinyVersion version) {
    EmulatedDriver driver = new EmulatedDriver(null, GIGABYTE);
    AtomicLong said = new AtomicLong();
    try (Checkpoint checkpoint = small(version);
        Kernels card = new CudaKernels(driver)) {
      Running running = Running.of(checkpoint, card);
      running.decode(1);
      said.set(GIGABYTE - driver.freeBytes());
    }
    EmulatedDriver tight = new EmulatedDriver(null, said.get());
    try (Checkpoint checkpoint = small(version);
        Kernels card = new CudaKernels(tight)) {
      // What was taken in the end is no more than what is asked for in the beginning.
      assertThrows(OutOfDeviceMemoryException.class, () -> Running.of(checkpoint, card));
    }
    assertEquals(0, tight.uploads);
  }
}
