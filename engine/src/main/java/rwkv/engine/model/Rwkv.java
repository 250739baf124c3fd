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
 *   for every block:  x ← x + TimeMixing(LN₁(x));  x ← x + ChannelMixing(LN₂(x))
 *   logits ← head LN_out(x)
 * </pre>
 *
 * One forward pass runs at a time; passes asked for by several threads take turns.
 */
public final class Rwkv {

  private static final float EPS = 1e-5f;

  private final ModelSpec spec;
  private final StateSnapshot initial;
  private final Kernels kernels;
  private final Matrix embedding;
  private final Normalisation first;
  private final Block[] blocks;
  private final Normalisation last;
  private final Matrix head;
  private final Mixings mixings;
  private final long weightBytesPerToken;
  private @Nullable Scratch scratch;

  /** Weight and bias of a layer norm. */
  record Normalisation(Buffer weight, Buffer bias) {}

  /** What stands around the mixings of a block. */
  record Block(Normalisation ln1, Normalisation ln2) {}

  /** The residual and what lies between it and the mixings. */
  private record Scratch(int batch, int time, Buffer x, Buffer z, Buffer out, Buffer last) {}

  private Rwkv(Weights weights, Kernels kernels) {
    this.kernels = kernels;
    Outline outline = Outline.of(weights);
    int c = outline.channels();
    this.embedding = weights.matrix("emb.weight", outline.vocabulary(), c);
    this.first = weights.normalisation("blocks.0.ln0", c);
    Weights7 version = new Weights7(weights, kernels, c, outline.layers());
    this.blocks = new Block[outline.layers()];
    for (int layer = 0; layer < blocks.length; layer++) {
      String block = "blocks." + layer;
      blocks[layer] =
          new Block(
              weights.normalisation(block + ".ln1", c), weights.normalisation(block + ".ln2", c));
    }
    this.last = weights.normalisation("ln_out", c);
    this.head = weights.matrix("head.weight", outline.vocabulary(), c);
    this.spec = version.spec(outline.vocabulary());
    this.initial = version.initial(spec);
    this.mixings = version.mixings(kernels);
    long unusedRows = embedding.bytes() - embedding.bytes() / embedding.out();
    this.weightBytesPerToken = weights.bytes() - unusedRows;
    weights.refuseUnused();
  }

  /**
   * Makes a model of a checkpoint's tensors. The checkpoint must stay open as long as the model is
   * used.
   *
   * @throws rwkv.engine.checkpoint.CheckpointException if a tensor is missing, of the wrong shape
   *     or type, not a number somewhere, or not known to the version
   * @throws java.util.concurrent.CancellationException if {@code progress} ended it
   */
  public static Rwkv load(Checkpoint checkpoint, Kernels kernels, Progress progress) {
    return new Rwkv(new Weights(checkpoint, kernels, progress), kernels);
  }

  public ModelSpec spec() {
    return spec;
  }

  /**
   * Bytes of weights that one decoded token must read: everything but the embedding, of which it
   * reads one row.
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
    mixings.prepare(state.batch(), time);
    Kernels k = kernels;

    k.embed(s.x, embedding, tokens);
    k.layerNorm(s.x, s.x, first.weight, first.bias, EPS);
    for (int layer = 0; layer < blocks.length; layer++) {
      trace.at(layer, Site.RESIDUAL, s.x);
      k.layerNorm(s.z, s.x, blocks[layer].ln1.weight, blocks[layer].ln1.bias, EPS);
      mixings.time(s.out, s.z, layer, state, trace);
      trace.at(layer, Site.TIME_MIX_OUTPUT, s.out);
      k.add(s.x, s.x, s.out);
      k.layerNorm(s.z, s.x, blocks[layer].ln2.weight, blocks[layer].ln2.bias, EPS);
      mixings.channel(s.out, s.z, layer, state, trace);
      trace.at(layer, Site.CHANNEL_MIX_OUTPUT, s.out);
      k.add(s.x, s.x, s.out);
    }
    trace.at(blocks.length, Site.FINAL_RESIDUAL, s.x);

    Buffer read = s.x;
    if (logits.time() != time) {
      k.last(s.last, s.x);
      read = s.last;
    }
    k.layerNorm(read, read, last.weight, last.bias, EPS);
    k.matmul(logits, read, head);
    trace.at(blocks.length, Site.LOGITS, logits);
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
