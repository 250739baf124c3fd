package rwkv.engine.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.engine.ReferenceData;
import rwkv.engine.Seeds;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** ROSA finds what its definition says, however the text comes to it. */
class RosaTest {

  private static final int WIDTH = 4;

  /** What is found at every position: the bits of a symbol, or −1; and the match's length. */
  private record Found(int[] symbols, int[] lengths) {}

  @ParameterizedTest
  @ValueSource(strings = {"reference", "cpu"})
  void itFindsWhatTheRecordedAlgorithmFinds(String backend) throws IOException {
    String json = Files.readString(ReferenceData.require("v8-rosa/rosa_core.json"));
    int compared = 0;
    try (Kernels kernels = Backends.installed().choose(backend).open(2)) {
      for (JsonNode c : new JsonMapper().readTree(json).get("plain")) {
        int[] x = ints(c.get("x"));
        assertArrayEquals(ints(c.get("out")), find(kernels, x, x, x, x.length).symbols);
      }
      for (JsonNode c : new JsonMapper().readTree(json).get("qkv")) {
        int[] q = ints(c.get("q"));
        int[] k = ints(c.get("k"));
        int[] v = ints(c.get("v"));
        assertArrayEquals(ints(c.get("out")), find(kernels, q, k, v, q.length).symbols);
        assertArrayEquals(ints(c.get("out")), find(kernels, q, k, v, 1).symbols);
        compared++;
      }
    }
    assertTrue(compared > 10);
  }

  private static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    Arrays.setAll(values, i -> array.get(i).asInt());
    return values;
  }

  /** Texts of few symbols, of periods and of one symbol have long matches that begin and end. */
  @ParameterizedTest
  @ValueSource(strings = {"reference", "cpu"})
  void itFindsTheLongestAndOfThoseTheLatest(String backend) {
    Random random = Seeds.random("rosa");
    try (Kernels kernels = Backends.installed().choose(backend).open(2)) {
      for (int round = 0; round < 40; round++) {
        int n = 1 + random.nextInt(200);
        int kinds = 1 + random.nextInt(3);
        int[] k = random.ints(n, 0, kinds).toArray();
        int[] q = k.clone();
        for (int change = random.nextInt(6); change > 0; change--) {
          q[random.nextInt(n)] = random.nextInt(kinds);
        }
        int[] v = random.ints(n, 0, 16).toArray();
        Found wanted = defined(q, k, v);
        int chunk = 1 + random.nextInt(n);
        Found found = find(kernels, q, k, v, chunk);
        assertArrayEquals(wanted.symbols, found.symbols);
        assertArrayEquals(wanted.lengths, found.lengths);
      }
    }
  }

  /** The definition: prefixes of suffixes, compared one by one. */
  private static Found defined(int[] q, int[] k, int[] v) {
    Found found = new Found(new int[q.length], new int[q.length]);
    for (int i = 0; i < q.length; i++) {
      found.symbols[i] = -1;
      for (int length = i + 1; length > 0 && found.lengths[i] == 0; length--) {
        for (int end = i - 1; end >= length - 1 && found.lengths[i] == 0; end--) {
          if (Arrays.equals(q, i - length + 1, i + 1, k, end - length + 1, end + 1)) {
            found.lengths[i] = length;
            found.symbols[i] = v[end + 1];
          }
        }
      }
    }
    return found;
  }

  /** The first half in chunks, and the other half after everything was forgotten. */
  private static Found find(Kernels kernels, int[] q, int[] k, int[] v, int chunk) {
    History[] texts = {kernels.history(1, 1), kernels.history(1, 1), kernels.history(1, 1)};
    Memo memo = kernels.rosaMemo(1);
    Found found = new Found(new int[q.length], new int[q.length]);
    boolean forgotten = false;
    for (int from = 0; from < q.length; from += chunk) {
      int time = Math.min(chunk, q.length - from);
      if (from > q.length / 2 && !forgotten) {
        memo.forget(0);
        forgotten = true;
      }
      int[][] rows = {q, k, v};
      for (int i = 0; i < 3; i++) {
        Buffer bits = kernels.buffer(1, time, 1);
        for (int t = 0; t < time; t++) {
          bits.write(t, new float[] {rows[i][from + t]}, 0, 1);
        }
        texts[i].append(bits);
      }
      Buffer out = kernels.buffer(1, time, WIDTH);
      Buffer matched = kernels.buffer(1, time, 1);
      kernels.rosa(out, matched, texts[0], texts[1], texts[2], memo, 0);
      for (int t = 0; t < time; t++) {
        found.lengths[from + t] = (int) matched.toArray()[t];
        found.symbols[from + t] = symbol(out.toArray(), t * WIDTH);
      }
    }
    return found;
  }

  private static int symbol(float[] signs, int at) {
    int bits = 0;
    for (int c = 0; c < WIDTH; c++) {
      if (signs[at + c] == 0) {
        return -1;
      }
      bits |= signs[at + c] > 0 ? 1 << c : 0;
    }
    return bits;
  }

  @ParameterizedTest
  @ValueSource(strings = {"reference", "cpu"})
  void aHistoryKeepsItsRowsAndRefusesMoreThanMemoryHolds(String backend) {
    try (Kernels kernels = Backends.installed().choose(backend).open(1)) {
      History history = kernels.history(2, 3);
      Buffer rows = kernels.buffer(2, 2, 3);
      rows.write(0, new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 0, 12);
      history.append(rows);
      history.append(1, rows.as(1, 1));
      assertEquals(2, history.length(0));
      assertEquals(3, history.length(1));
      float[] read = new float[7];
      history.read(1, 1, read, 1, 2);
      assertArrayEquals(new float[] {0, 10, 11, 12, 1, 2, 3}, read);
      IllegalStateException problem =
          assertThrows(IllegalStateException.class, () -> history.reserve(Integer.MAX_VALUE));
      assertTrue(problem.getMessage().contains("no memory"), problem.getMessage());
      assertEquals(3, history.length(1));
      history.replace(1, new float[] {7, 7, 7});
      assertEquals(1, history.length(1));
      assertThrows(IndexOutOfBoundsException.class, () -> history.read(1, 1, read, 0, 1));
    }
  }
}
