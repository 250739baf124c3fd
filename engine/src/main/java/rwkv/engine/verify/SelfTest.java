package rwkv.engine.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import rwkv.engine.backend.Backends;
import rwkv.engine.backend.Kernels;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Rwkv;
import rwkv.engine.model.StateSnapshot;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Session;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;

/**
 * Compares an open model, as it is running, with the scalar reference (double accumulators) on the
 * same weights: every site of every layer, the state and the logits, token by token. Of quantised
 * weights the reference takes what their blocks stand for. Then it checks what must agree within
 * the running configuration: prefill with decoding, and a restored state with the one it was.
 *
 * <p>The reference runs the same forward pass over other kernels. That it computes what the papers
 * say is for the engine's own tests, which compare it with recorded numbers of official code.
 */
public final class SelfTest {

  /** Multiply-adds the reference may spend: some seconds. */
  private static final double BUDGET = 8e9;

  private static final int FEWEST_TOKENS = 4;
  private static final int MOST_TOKENS = 48;
  private static final int[] CHUNKS = {5, Integer.MAX_VALUE};
  private static final long SEED = 7;

  private final Engine engine;
  private final int[] tokens;
  private final Progress progress;

  private SelfTest(Engine engine, int[] tokens, Progress progress) {
    this.engine = engine;
    this.tokens = tokens;
    this.progress = progress;
  }

  /** As many tokens as the reference can take in some seconds, between 4 and 48. */
  public static int defaultTokens(ModelSpec spec) {
    return (int) Math.clamp(BUDGET / Math.max(1, spec.parameters()), FEWEST_TOKENS, MOST_TOKENS);
  }

  /** The sequence that is run: fixed, and spread over the vocabulary. */
  public static int[] tokens(ModelSpec spec, int count) {
    return new SplittableRandom(SEED).ints(count, 0, spec.vocabulary()).toArray();
  }

  /**
   * Runs the test.
   *
   * @param count tokens to run, at least 2
   * @throws java.util.concurrent.CancellationException if {@code progress} ended it
   */
  public static Report run(Engine engine, int count, Progress progress) {
    if (count < 2) {
      throw new IllegalArgumentException("a self-test of " + count + " tokens, at least 2");
    }
    return new SelfTest(engine, tokens(engine.spec(), count), progress).run();
  }

  private Report run() {
    List<SiteError> sites;
    try (Kernels kernels = Backends.installed().choose("reference").open(1)) {
      Rwkv reference =
          Rwkv.load(
              engine.checkpoint(), kernels, engine.options(), done -> progress.at(done * 0.1));
      sites = againstReference(reference);
    }
    List<Identity> identities = new ArrayList<>();
    Decoded decoded = decoded();
    for (int chunk : CHUNKS) {
      identities.add(prefilled(decoded, Math.min(chunk, tokens.length)));
    }
    identities.add(restored(decoded));
    progress.at(1);
    String configuration =
        engine.device() + "; weights mostly " + engine.spec().stored() + "; " + engine.format();
    return new Report(
        String.valueOf(engine.file().getFileName()), configuration, tokens, sites, identities);
  }

  private List<SiteError> againstReference(Rwkv reference) {
    Session right = Session.of(reference);
    Session running = engine.session();
    Comparison comparison = new Comparison();
    for (int t = 0; t < tokens.length; t++) {
      int token = t;
      Map<String, float[]> values = new HashMap<>();
      right.trace((layer, site, v) -> values.put(layer + "." + site, v.toArray()));
      Trace compare =
          (layer, site, v) -> {
            float[] expected = values.get(layer + "." + site);
            // A share counts activations, which are compared themselves: one that is zero here and
            // nearly zero there is rounding, and still counts for one.
            if (expected != null && site != Site.SKIPPED) {
              comparison.add(layer, site.shortName(), token, expected, v.toArray());
            }
          };
      running.trace(compare);
      right.decode(tokens[t]);
      running.decode(tokens[t]);
      compare(comparison, t, right.snapshot(), running.snapshot());
      progress.at(0.1 + 0.8 * (t + 1) / tokens.length);
    }
    return comparison.sites();
  }

  private static void compare(
      Comparison comparison, int token, StateSnapshot right, StateSnapshot state) {
    for (int layer = 0; layer < right.layers(); layer++) {
      for (int part = 0; part < right.parts().size(); part++) {
        String name = "state " + right.parts().get(part).name();
        comparison.add(layer, name, token, right.values(layer, part), state.values(layer, part));
      }
    }
  }

  private record Decoded(float[] logits, StateSnapshot state, StateSnapshot half) {}

  private Decoded decoded() {
    Session session = engine.session();
    StateSnapshot half = session.snapshot();
    for (int t = 0; t < tokens.length; t++) {
      if (t == tokens.length / 2) {
        half = session.snapshot();
      }
      session.decode(tokens[t]);
    }
    return new Decoded(session.logits().clone(), session.snapshot(), half);
  }

  private Identity prefilled(Decoded decoded, int chunk) {
    Session session = engine.session();
    session.prefill(tokens, chunk, Progress.NONE);
    String how = chunk == tokens.length ? "in one chunk" : "in chunks of " + chunk;
    return new Identity("prefill " + how + " equals decoding", distance(decoded, session));
  }

  private Identity restored(Decoded decoded) {
    Session session = engine.session();
    session.prefill(tokens, tokens.length, Progress.NONE);
    int half = tokens.length / 2;
    session.restore(decoded.half, half);
    for (int token : Arrays.copyOfRange(tokens, half, tokens.length)) {
      session.decode(token);
    }
    return new Identity("a restored state goes on as it would have", distance(decoded, session));
  }

  private static double distance(Decoded decoded, Session session) {
    Comparison comparison = new Comparison();
    compare(comparison, 0, decoded.state, session.snapshot());
    comparison.add(decoded.state.layers(), "logits", 0, decoded.logits, session.logits());
    return comparison.worst();
  }
}
