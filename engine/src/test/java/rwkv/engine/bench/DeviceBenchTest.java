package rwkv.engine.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import rwkv.engine.backend.Availability;
import rwkv.engine.backend.Backend;
import rwkv.engine.backend.Backends;
import rwkv.engine.backend.DeviceFacts;
import rwkv.engine.backend.Kernels;

/** Times of a device beside what they cannot be less than. */
class DeviceBenchTest {

  private static final DevicePlan PLAN =
      new DevicePlan(List.of(1, 3), 5, 2, 9, 3, 0.001, 1 << 22, 32);

  /** The processor, which says something of its memory. */
  private record Small(long freeBytes) implements Backend {

    @Override
    public String id() {
      return "small";
    }

    @Override
    public int preference() {
      return -1;
    }

    @Override
    public Availability availability() {
      return new Availability.Available("small");
    }

    @Override
    public DeviceFacts facts() {
      return new DeviceFacts("a small card", "none", "0", freeBytes, freeBytes);
    }

    @Override
    public Kernels open(int threads) {
      return Backends.installed().choose("cpu").open(threads);
    }
  }

  private static List<DeviceFigure> run(Backend backend, String shape) {
    List<DeviceFigure> figures = new ArrayList<>();
    DeviceBench.run(backend, 1, shape, PLAN, figures::add);
    return figures;
  }

  @Test
  void everyTimeStandsBesideTheFloorOfItsBytesAndOperations() {
    List<DeviceFigure> figures = run(Backends.installed().choose("cpu"), "2x64x300");
    DeviceRoofs roofs = ((DeviceFigure.Bounds) figures.getFirst()).roofs();
    assertTrue(roofs.bytesPerSecond() > 1e8 && roofs.operationsPerSecond() > 1e7, roofs.toString());
    List<String> names = new ArrayList<>();
    for (DeviceFigure figure : figures.subList(1, figures.size())) {
      DeviceFigure.Timed timed = (DeviceFigure.Timed) figure;
      names.add(timed.what());
      assertEquals(3, timed.seconds().values().size());
      assertEquals(roofs.floor(timed.bytes(), timed.operations()), timed.floor());
      assertEquals(timed.floor() / timed.seconds().median(), timed.share());
      assertTrue(timed.tokensPerSecond() > 0);
    }
    assertEquals(
        List.of(
            "2x64x300, WKV-7 [2, 9, 64]",
            "2x64x300, WKV-7 [2, 9, 64] backward",
            "2x64x300, decoding",
            "2x64x300, decoding 3 sequences",
            "2x64x300, prefill of 5 tokens"),
        names);
  }

  @Test
  void aStepMovesEveryWeightOnceAndEveryStateTwice() {
    List<DeviceFigure> figures = run(Backends.installed().choose("cpu"), "2x64x300");
    DeviceFigure.Timed one = timed(figures, "decoding");
    DeviceFigure.Timed three = timed(figures, "decoding 3 sequences");
    // Two layers, each with a matrix of 64 x 64 and two rows of 64, in f32, read and written.
    double state = 2 * 2 * (64 * 64 + 2 * 64) * 4;
    assertEquals(2 * state, three.bytes() - one.bytes());
    assertEquals(3 * one.operations(), three.operations(), 1);
    assertTrue(one.bytes() > state + 2 * (300 * 64 + 2 * (4 + 8) * 64 * 64), "" + one.bytes());
  }

  private static DeviceFigure.Timed timed(List<DeviceFigure> figures, String name) {
    return figures.stream()
        .filter(figure -> figure.what().equals("2x64x300, " + name))
        .map(DeviceFigure.Timed.class::cast)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theFloorIsTheLongerOfMovingAndComputing() {
    DeviceRoofs roofs = new DeviceRoofs(1e9, 1e12, 1, "");
    assertEquals(2.0, roofs.floor(2e9, 1e12));
    assertEquals(3.0, roofs.floor(2e9, 3e12));
  }

  @Test
  void aShapeThatDoesNotFitIsLeftOutWithTheSizes() {
    List<DeviceFigure> figures = run(new Small(1000), "2x64x300");
    assertEquals(1, figures.size(), figures.toString());
    String why = ((DeviceFigure.Left) figures.getFirst()).why();
    assertTrue(why.matches("its weights are [0-9,]+ bytes, 1,000 can be had on a small card"), why);
  }

  @Test
  void nothingIsMeasuredOfAPlanWithoutTokens() {
    assertThrows(
        IllegalArgumentException.class, () -> new DevicePlan(List.of(0), 1, 1, 1, 1, 0, 1, 1));
  }
}
