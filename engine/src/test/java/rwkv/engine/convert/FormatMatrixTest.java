package rwkv.engine.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.engine.Seeds;
import rwkv.engine.TinyVersion;
import rwkv.engine.TinyVersion.Sizes;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.checkpoint.SafetensorsWriter;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Engine;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Tensor;

/** The table of versions, formats and types in the README, cell by cell. */
class FormatMatrixTest {

  /** Rows are whole blocks of the small blocks. */
  private static final Sizes SMALL = new Sizes(2, 2, 32, 96, 61);

  /** Rows are whole blocks of the large blocks. */
  private static final Sizes LARGE = new Sizes(2, 4, 64, 512, 61);

  private static final int TOKENS = 9;

  @TempDir private Path folder;

  /** A cell of the table. */
  record Cell(TinyVersion version, Written format, DType dtype) {

    /** Decays that a file holds exponentiated come back through f32. */
    boolean isExact() {
      boolean formed =
          format == Written.RWKV_CPP
              && (version == TinyVersion.V4
                  || version == TinyVersion.V5_0
                  || version == TinyVersion.V5_1
                  || version == TinyVersion.V5_2);
      return !formed;
    }

    @Override
    public String toString() {
      return version + " in " + format.title() + " as " + dtype;
    }
  }

  /**
   * Between sums in f32 and in f64: 1e-5 for most models, but now and then random weights make it
   * twenty times as much, in every type they are stored in.
   */
  private static final float ROUNDING = 1e-3f;

  static Stream<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    for (TinyVersion version : TinyVersion.values()) {
      for (Written format : Written.values()) {
        if (format.versions().contains(version)) {
          format.types().forEach(dtype -> cells.add(new Cell(version, format, dtype)));
        }
      }
    }
    return cells.stream();
  }

  private static float[] logits(Path file, String backend, int[] tokens) {
    try (Engine engine = Engine.open(file, backend, 2, Progress.NONE)) {
      return engine.session().prefillAll(tokens);
    }
  }

  private static int[] tokens(Random random) {
    return random.ints(TOKENS, 0, SMALL.vocabulary()).toArray();
  }

  @ParameterizedTest
  @MethodSource("cells")
  void computesWhatTheOfficialFileComputes(Cell cell) {
    Random random = Seeds.random(cell.toString());
    boolean large = cell.dtype.blockSize() > 32;
    List<Tensor> official = cell.version.tensors(random, large ? LARGE : SMALL);
    DType held = cell.dtype.isQuantised() ? DType.F32 : cell.dtype;
    List<Tensor> rounded = Encoded.as(DType.F32, Encoded.as(held, official));
    Path file = cell.format.write(folder, rounded, cell.dtype);
    int[] tokens = tokens(random);

    Path plain = folder.resolve("plain.safetensors");
    SafetensorsWriter.write(plain, rounded, Map.of());
    if (cell.dtype.isQuantised()) {
      plain = dequantised(file);
      compareWeights(cell, official, plain);
    }
    float[] expected = logits(plain, "reference", tokens);
    float[] found = logits(file, "reference", tokens);
    assertArrayEquals(expected, found, cell.isExact() ? 0 : 1e-4f);
    assertArrayEquals(found, logits(file, "cpu", tokens), ROUNDING, "another backend");
  }

  /** What a quantised file's weights stand for, as an official file. */
  private Path dequantised(Path file) {
    Path plain = folder.resolve("dequantised.safetensors");
    try (Engine engine = Engine.open(file, "reference", 1, Progress.NONE)) {
      Conversion wanted = new Conversion(plain, FileFormat.SAFETENSORS, DType.F32, null);
      Converter.convert(engine.checkpoint(), engine.spec(), wanted, Progress.NONE);
    }
    return plain;
  }

  private static void compareWeights(Cell cell, List<Tensor> official, Path dequantised) {
    double worst = 0;
    try (Checkpoint stored = Checkpoints.open(dequantised)) {
      for (Tensor tensor : official) {
        float[] found = stored.tensors().get(tensor.name()).toFloats();
        worst = Math.max(worst, Precision.error(tensor.toFloats(), found));
      }
    }
    double error = worst;
    assertTrue(error > 1e-4, "nothing was quantised");
    assertTrue(error < Precision.of(cell.dtype).weights(), () -> cell + " is off by " + error);
  }

  @Test
  void everyTypeHasAToleranceAndEveryFormatAVersion() {
    cells().forEach(cell -> assertTrue(Precision.of(cell.dtype).logits() > 0));
    assertEquals(6, TinyVersion.values().length);
    assertTrue(cells().count() > 100, "cells: " + cells().count());
  }
}
