package rwkv.engine.model;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;

/**
 * A model: embedding, blocks of time mixing and channel mixing on a residual, head.
 *
 * <pre>
 *   x ← LN₀(emb[token])
 *   for every block, for each of its branches (time mixing, channel mixing, …):  x ← x + f(LN(x))
 *   logits ← head LN_out(x)
 * </pre>
 *
 * One forward pass runs at a time; passes asked for by several threads take turns.
 */
public final class Rwkv {

  /** The epsilon of every layer norm. */
  static final float EPS = 1e-5f;

  private final ModelSpec spec;
  private final StateSnapshot initial;
  private final Kernels kernels;
  private final Embedding embedding;
  private final Layers layers;
  private final Normalisation last;
  private final Matrix head;
  private final @Nullable Buffer headBias;
  private final long weightBytesPerToken;
  private @Nullable Scratch scratch;

  /** Weight and bias of a layer norm. */
  record Normalisation(Buffer weight, Buffer bias) {}

  /** The residual and what lies between it and the branches. */
  private record Scratch(int batch, int time, Buffer x, Buffer z, Buffer out, Buffer last) {}

  private Rwkv(Weights weights, Kernels kernels, LoadOptions options) {
    this.kernels = kernels;
    Outline outline = Outline.of(weights);
    kernels.require(MemoryNeed.bytes(outline, weights), weights.file());
    int c = outline.channels();
    Matrix table = weights.table("emb.weight", outline.vocabulary(), c);
    boolean bare = outline.version() == Version.V8_ROSA_7 && !weights.has("blocks.0.ln0.weight");
    this.embedding =
        new Embedding(kernels, table, bare ? null : weights.normalisation("blocks.0.ln0", c));
    Architecture architecture = architecture(outline, weights, options);
    this.last = weights.normalisation("ln_out", c);
    this.head = weights.matrix("head.weight", outline.vocabulary(), c);
    this.headBias =
        weights.has("head.bias") ? weights.vector("head.bias", outline.vocabulary()) : null;
    this.spec = architecture.spec(outline.vocabulary());
    this.initial = architecture.initial(spec);
    this.layers = architecture.layers();
    this.weightBytesPerToken = weights.bytesPerToken();
    weights.refuseUnused();
  }

  private Architecture architecture(Outline outline, Weights weights, LoadOptions options) {
    Version version = outline.version();
    boolean five = version == Version.V5_0 || version == Version.V5_1 || version == Version.V5_2;
    if (options.groupNormEps() != null && !five) {
      throw weights.problem(
          "is an %s; the group norm's epsilon can be chosen for RWKV-5 only", version.title());
    }
    boolean rosa = version == Version.V8_ROSA || version == Version.V8_ROSA_7;
    if (options.rosaBits() != 0 && !rosa) {
      throw weights.problem(
          "is an %s; the size of a symbol can be chosen for RWKV-8's ROSA only", version.title());
    }
    return switch (version) {
      case V4 -> new Weights4(weights, kernels, outline);
      case V5_0, V5_1, V5_2 -> new Weights5(weights, kernels, outline, options);
      case V6 -> new Weights6(weights, kernels, outline);
      case V7 -> new Weights7(weights, kernels, outline.channels(), outline.layers());
      case V7A -> new Weights7a(weights, kernels, outline);
      case V7B -> new Weights7b(weights, kernels, outline, embedding);
      case V8_ROSA -> new WeightsRosa(weights, kernels, outline, options);
      case V8_ROSA_7 -> new WeightsRosa7(weights, kernels, outline, options);
      default -> throw weights.problem("is an %s, which cannot be run", outline.version().title());
    };
  }

  /**
   * Makes a model of a checkpoint's tensors. The checkpoint must stay open as long as the model is
   * used.
   *
   * @throws rwkv.engine.checkpoint.CheckpointException if a tensor is missing, of the wrong shape
   *     or type, not a number somewhere, or not known to the version
   * @throws rwkv.engine.backend.DeviceException if it does not fit on the device
   * @throws java.util.concurrent.CancellationException if {@code progress} ended it
   */
  public static Rwkv load(
      Checkpoint checkpoint, Kernels kernels, LoadOptions options, Progress progress) {
    return new Rwkv(new Weights(checkpoint, kernels, progress), kernels, options);
  }

  /** The same as the official code computes. */
  public static Rwkv load(Checkpoint checkpoint, Kernels kernels, Progress progress) {
    return load(checkpoint, kernels, LoadOptions.OFFICIAL, progress);
  }

  public ModelSpec spec() {
    return spec;
  }

  /**
   * Bytes of weights that one decoded token must read: everything but the embeddings, of which it
   * reads one row each.
   */
  public long weightBytesPerToken() {
    return weightBytesPerToken;
  }

  /** The state before the first token: zeros, unless the checkpoint carries a tuned one. */
  public StateSnapshot initial() {
    return initial;
  }

  /** States of {@code batch} sequences before their first token. */
  public State state(int batch) {
    State state = new State(spec, kernels, batch);
    for (int sequence = 0; sequence < batch; sequence++) {
      state.restore(sequence, initial);
    }
    return state;
  }

  /** Room for logits, {@code [batch, time, vocabulary]}. */
  public Buffer logits(int batch, int time) {
    return kernels.buffer(batch, time, spec.vocabulary());
  }

  /**
   * Steps the state over {@code time} tokens of every sequence of its batch.
   *
   * @param logits {@code [batch, time, vocabulary]} for the logits after every token, or {@code
   *     [batch, 1, vocabulary]} for those after the last
   * @param tokens {@code [batch, time]}, row-major
   * @throws IllegalArgumentException if a token is not in the vocabulary or a size does not fit
   */
  public synchronized void forward(
      Buffer logits, int[] tokens, int time, State state, Trace trace) {
    check(logits, tokens, time, state);
    Scratch s = scratch(state.batch(), time);
    Kernels k = kernels;

    state.advance(tokens, time);
    embedding.rows(s.x, tokens);
    layers.begin(tokens, s.x);
    for (int layer = 0; layer < spec.layers(); layer++) {
      trace.at(layer, Site.RESIDUAL, s.x);
      for (Residual branch : layers.block(layer)) {
        k.layerNorm(s.z, s.x, branch.norm().weight, branch.norm().bias, EPS);
        branch.branch().forward(s.out, s.z, s.x, state, trace);
        trace.at(layer, branch.site(), s.out);
        k.add(s.x, s.x, s.out);
      }
    }
    trace.at(spec.layers(), Site.FINAL_RESIDUAL, s.x);

    Buffer read = s.x;
    if (logits.time() != time) {
      k.last(s.last, s.x);
      read = s.last;
    }
    k.layerNorm(read, read, last.weight, last.bias, EPS);
    k.matmul(logits, read, head);
    if (headBias != null) {
      k.add(logits, logits, headBias);
    }
    trace.at(spec.layers(), Site.LOGITS, logits);
  }

  private void check(Buffer logits, int[] tokens, int time, State state) {
    if (time < 1 || tokens.length != state.batch() * time) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d tokens given for %d sequences of %d",
              tokens.length,
              state.batch(),
              time));
    }
    for (int token : tokens) {
      if (token < 0 || token >= spec.vocabulary()) {
        throw new IllegalArgumentException(
            "token " + token + " is not in the vocabulary of 0 to " + (spec.vocabulary() - 1));
      }
    }
    if (logits.batch() != state.batch() || (logits.time() != 1 && logits.time() != time)) {
      throw new IllegalArgumentException("logits do not fit " + time + " tokens");
    }
  }

  private Scratch scratch(int batch, int time) {
    Scratch old = scratch;
    if (old != null && old.batch == batch && old.time == time) {
      return old;
    }
    int c = spec.channels();
    Scratch made =
        new Scratch(
            batch,
            time,
            kernels.buffer(batch, time, c),
            kernels.buffer(batch, time, c),
            kernels.buffer(batch, time, c),
            kernels.buffer(batch, 1, c));
    scratch = made;
    return made;
  }
}
