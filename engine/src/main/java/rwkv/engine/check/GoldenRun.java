package rwkv.engine.check;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import rwkv.engine.backend.Buffer;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.model.Progress;
import rwkv.engine.model.State;
import rwkv.engine.model.StateFile;
import rwkv.engine.model.StateSnapshot;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Session;
import rwkv.engine.tensor.Tensor;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;
import rwkv.engine.trace.TraceRequest;

/**
 * One reference model against its recorded numbers: decoded token by token with states,
 * intermediates and greedy tokens, in one chunk, in chunks, and two sequences as a batch.
 */
final class GoldenRun {

  /** Of states and intermediates, absolute and relative. */
  private static final double STATE = 1e-4;

  private static final int CHUNK = 7;

  private final GoldenModel golden;
  private final ReferenceFiles files;
  private final Engine engine;
  private final Map<String, Tensor> vectors;
  private final Difference logits = new Difference();
  private final Difference states = new Difference();
  private int greedy;
  private int greedyRight;

  private GoldenRun(GoldenModel golden, ReferenceFiles files, Engine engine, Checkpoint vectors) {
    this.golden = golden;
    this.files = files;
    this.engine = engine;
    this.vectors = vectors.tensors();
  }

  /** Runs everything; the engine has the model open. */
  static Row run(GoldenModel golden, ReferenceFiles files, Engine engine, Checkpoint vectors) {
    GoldenRun run = new GoldenRun(golden, files, engine, vectors);
    run.run();
    return run.row();
  }

  private Tensor tensor(String name) {
    Tensor tensor = vectors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(golden.vectorsFile() + " has no tensor " + name);
    }
    return tensor;
  }

  private static int[] ints(Tensor tensor) {
    int[] values = new int[Math.toIntExact(tensor.count())];
    Arrays.setAll(values, i -> (int) tensor.get(i));
    return values;
  }

  private void run() {
    Tensor tokens = tensor("tokens");
    int texts = tokens.shape().rank() == 2 ? (int) tokens.shape().size(0) : 1;
    int[] all = ints(tokens);
    int length = all.length / texts;
    for (int text = 0; text < texts; text++) {
      int[] own = Arrays.copyOfRange(all, text * length, (text + 1) * length);
      decode(own, text * length);
      prefill(own, text * length);
    }
    batch(Arrays.copyOf(all, length));
  }

  /** A sequence in the state that the model starts from. */
  private Session start() {
    Session session = engine.session();
    if (!golden.initial().isEmpty()) {
      session.initial(StateFile.load(files.get(golden.initial()), engine.spec()).state());
      session.reset();
    }
    return session;
  }

  private void decode(int[] tokens, int firstRow) {
    Session session = start();
    Map<String, float[]> seen = new HashMap<>();
    if (golden.hasStates()) {
      session.trace(
          TraceRequest.of(Site.values())
              .to(e -> seen.put(e.layer() + "." + e.site().shortName(), e.values())));
    }
    for (int t = 0; t < tokens.length; t++) {
      compareLogits("decoding, token " + t, firstRow + t, session.decode(tokens[t]));
      compareStates(t + 1, session);
      compareIntermediates(t, seen);
    }
    session.trace(Trace.OFF);
    if (golden.hasStates() && vectors.containsKey("greedy")) {
      for (int token : ints(tensor("greedy"))) {
        int likeliest = likeliest(session.logits());
        greedy++;
        greedyRight += token == likeliest ? 1 : 0;
        session.decode(token);
      }
    }
  }

  private static int likeliest(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }

  /** Of large vocabularies, logits are recorded after some tokens only. */
  private void compareLogits(String what, int position, float[] found) {
    int row = position;
    if (vectors.containsKey("logits_positions")) {
      row = Arrays.binarySearch(ints(tensor("logits_positions")), position);
    }
    if (row >= 0) {
      Tensor all = tensor(golden.logits());
      float[] wanted = new float[found.length];
      for (int i = 0; i < wanted.length; i++) {
        wanted[i] = (float) all.get((long) row * wanted.length + i);
      }
      logits.add(what, wanted, found, golden.tolerance(), 0);
    }
  }

  /** Every part of the state that was recorded after n tokens. */
  private void compareStates(int n, Session session) {
    List<Tensor> recorded = recorded("state." + n + ".");
    if (recorded.isEmpty()) {
      return;
    }
    StateSnapshot state = session.snapshot();
    for (Tensor wanted : recorded) {
      String[] name = wanted.name().split("\\.");
      int part = session.model().spec().statePart(name[3]);
      float[] found = state.values(Integer.parseInt(name[2]), part);
      states.add(wanted.name(), wanted.toFloats(), found, STATE, STATE);
    }
  }

  /** Every site that was recorded while token t was processed. */
  private void compareIntermediates(int t, Map<String, float[]> seen) {
    for (Tensor wanted : recorded("mid." + t + ".")) {
      String[] name = wanted.name().split("\\.");
      float[] found = Objects.requireNonNullElse(seen.get(name[2] + "." + name[3]), new float[0]);
      states.add(wanted.name(), wanted.toFloats(), found, STATE, STATE);
    }
  }

  private List<Tensor> recorded(String prefix) {
    return vectors.values().stream()
        .filter(tensor -> golden.hasStates() && tensor.name().startsWith(prefix))
        .toList();
  }

  private void prefill(int[] tokens, int firstRow) {
    float[] all = start().prefillAll(tokens);
    int vocabulary = engine.spec().vocabulary();
    for (int t = 0; t < tokens.length; t++) {
      float[] row = Arrays.copyOfRange(all, t * vocabulary, (t + 1) * vocabulary);
      compareLogits("one chunk, token " + t, firstRow + t, row);
    }
    Session chunks = start();
    float[] last = chunks.prefill(tokens, CHUNK, Progress.NONE);
    compareLogits("chunks of " + CHUNK, firstRow + tokens.length - 1, last);
    compareStates(tokens.length, chunks);
  }

  /** The halves of a text, side by side and alone. */
  private void batch(int[] tokens) {
    int time = tokens.length / 2;
    State both = engine.model().state(2);
    StateSnapshot initial = start().snapshot();
    both.restore(0, initial);
    both.restore(1, initial);
    Buffer out = engine.model().logits(2, 1);
    engine.model().forward(out, Arrays.copyOf(tokens, 2 * time), time, both, Trace.OFF);
    float[] rows = out.toArray();
    for (int half = 0; half < 2; half++) {
      int[] own = Arrays.copyOfRange(tokens, half * time, (half + 1) * time);
      float[] alone = start().prefill(own, time, Progress.NONE);
      float[] row = Arrays.copyOfRange(rows, half * alone.length, (half + 1) * alone.length);
      logits.add("sequence " + half + " of a batch", alone, row, golden.tolerance(), 0);
    }
  }

  private Row row() {
    boolean right = logits.within() && greedyRight == greedy;
    String expected = String.format(Locale.ROOT, "logits within %.0e", golden.tolerance());
    String found = String.format(Locale.ROOT, "logits off by %.1e", logits.largest());
    if (golden.hasStates() && states.numbers() > 0) {
      right &= states.within();
      expected += String.format(Locale.ROOT, ", states within %.0e (1 + abs(x))", STATE);
      found += String.format(Locale.ROOT, ", states by %.1e", states.largest());
    }
    if (greedy > 0) {
      expected += ", " + greedy + " greedy tokens";
      found += ", " + greedyRight + " greedy tokens";
    }
    if (!logits.within()) {
      found += "; " + logits.where();
    }
    if (states.numbers() > 0 && !states.within()) {
      found += "; " + states.where();
    }
    return Row.judged("model " + golden, expected, found, right);
  }
}
