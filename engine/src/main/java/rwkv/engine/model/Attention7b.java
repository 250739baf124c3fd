package rwkv.engine.model;

import static rwkv.engine.backend.Activation.TANH;

import java.util.Arrays;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.History;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Matrix;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;

/**
 * RWKV-7b's attention over the text, of the residual x. What is kept of a token are a few numbers,
 * x k₁ and x v₁; with the token's deep embeddings they give its key and value:
 *
 * <pre>
 *   q = W x,  k = (x k₁) k₂ ∘ E_k[token],  v = tanh((x v₁) v₂) ∘ E_v[token]
 *   each token-shifted, then normalised;  out = Σ_s softmax_s(64 tanh(q·k_s / 1024)) v_s
 * </pre>
 *
 * <p>Keys and values depend on their own token and the one before it alone. They are kept as they
 * are made ({@link KeysAndValues}), and made again from the state after it has been replaced.
 */
final class Attention7b {

  private static final int TOKENS_AT_ONCE = 64;

  /** The tensors of one layer's attention, named as in the checkpoint. */
  record Weights(
      Matrix query,
      Matrix k1,
      Matrix k2,
      Matrix v1,
      Matrix v2,
      DeepEmbedding keyEmbedding,
      DeepEmbedding valueEmbedding,
      Buffer xq,
      Buffer xk,
      Buffer xv,
      Rwkv.Normalisation lnQ,
      Rwkv.Normalisation lnK,
      Rwkv.Normalisation lnV) {}

  /** The parts of a layer's state that it steps. */
  record Memory(Buffer query, History keys, History values) {}

  /** What it computes on the way, {@code [batch, time, …]} each. */
  record Room(
      Buffer q,
      Buffer k,
      Buffer keyEmbedding,
      Buffer keyScratch,
      Buffer v,
      Buffer valueEmbedding,
      Buffer valueScratch,
      Buffer keyCache,
      Buffer valueCache,
      Buffer out) {}

  /** Channels of the buffers of a {@link Room}. */
  record Sizes(int keys, int values, int keyCache, int valueCache) {
    Room room(Kernels k, int batch, int time) {
      return new Room(
          k.buffer(batch, time, keys),
          k.buffer(batch, time, keys),
          k.buffer(batch, time, keys),
          k.buffer(batch, time, keys),
          k.buffer(batch, time, values),
          k.buffer(batch, time, values),
          k.buffer(batch, time, values),
          k.buffer(batch, time, keyCache),
          k.buffer(batch, time, valueCache),
          k.buffer(batch, time, values));
    }
  }

  private final Kernels k;
  private final int layer;
  private final Embedding embedding;
  private final Weights p;

  Attention7b(Kernels kernels, int layer, Embedding embedding, Weights weights) {
    this.k = kernels;
    this.layer = layer;
    this.embedding = embedding;
    this.p = weights;
  }

  Sizes sizes() {
    return new Sizes(p.query.out(), p.v2.out(), p.k1.out(), p.v1.out());
  }

  /** Keys and values of no token, for {@code batch} sequences. */
  KeysAndValues nothing(int batch) {
    int keys = p.query.out();
    int values = p.v2.out();
    return new KeysAndValues(
        k.history(batch, keys),
        k.history(batch, values),
        k.buffer(batch, 1, keys),
        k.buffer(batch, 1, values));
  }

  /** Steps the state; what it adds to the residual is left in the room's {@code out}. */
  void forward(
      Buffer x,
      Memory memory,
      KeysAndValues made,
      State state,
      Reading reading,
      Room b,
      Trace trace) {
    k.matmul(b.q, x, p.query);
    k.tokenShift(b.keyScratch, b.q, memory.query);
    k.mix(b.q, b.q, b.keyScratch, p.xq);
    k.layerNorm(b.q, b.q, p.lnQ.weight(), p.lnQ.bias(), Rwkv.EPS);

    k.matmul(b.keyCache, x, p.k1);
    k.matmul(b.valueCache, x, p.v1);
    for (int sequence = 0; sequence < x.batch(); sequence++) {
      catchUp(memory, made, sequence, state);
    }
    memory.keys.append(b.keyCache);
    memory.values.append(b.valueCache);
    expand(b, made.lastKey(), made.lastValue(), reading);
    made.keys().append(b.k);
    made.values().append(b.v);

    k.attend7b(b.out, b.q, made.keys(), made.values());
    trace.at(layer, Site.ATTENTION_OUTPUT, b.out);
  }

  /** Keys and values of the tokens whose caches are in {@code b}. */
  private void expand(Room b, Buffer lastKey, Buffer lastValue, Reading reading) {
    k.matmul(b.k, b.keyCache, p.k2);
    p.keyEmbedding.rows(b.keyEmbedding, b.keyScratch, reading.tokens(), reading.embedded());
    k.multiply(b.k, b.k, b.keyEmbedding);
    k.tokenShift(b.keyScratch, b.k, lastKey);
    k.mix(b.k, b.k, b.keyScratch, p.xk);
    k.layerNorm(b.k, b.k, p.lnK.weight(), p.lnK.bias(), Rwkv.EPS);

    k.matmul(b.v, b.valueCache, p.v2);
    k.activate(b.v, b.v, TANH);
    p.valueEmbedding.rows(b.valueEmbedding, b.valueScratch, reading.tokens(), reading.embedded());
    k.multiply(b.v, b.v, b.valueEmbedding);
    k.tokenShift(b.valueScratch, b.v, lastValue);
    k.mix(b.v, b.v, b.valueScratch, p.xv);
    k.layerNorm(b.v, b.v, p.lnV.weight(), p.lnV.bias(), Rwkv.EPS);
  }

  /** Makes the keys and values of the tokens in a restored state. */
  private void catchUp(Memory memory, KeysAndValues made, int sequence, State state) {
    int past = memory.keys.length(sequence);
    int from = made.keys().length(sequence);
    if (from == past) {
      return;
    }
    int[] text = state.tokens(sequence);
    Buffer lastKey = KeysAndValues.last(k, made.lastKey(), sequence);
    Buffer lastValue = KeysAndValues.last(k, made.lastValue(), sequence);
    for (; from < past; from += TOKENS_AT_ONCE) {
      int count = Math.min(TOKENS_AT_ONCE, past - from);
      Room b = sizes().room(k, 1, count);
      copy(b.keyCache, memory.keys, sequence, from);
      copy(b.valueCache, memory.values, sequence, from);
      int[] tokens = Arrays.copyOfRange(text, from, from + count);
      Reading reading = new Reading(tokens, k.buffer(1, count, embedding.table().in()));
      embedding.rows(reading.embedded(), tokens);
      expand(b, lastKey, lastValue, reading);
      made.keys().append(sequence, b.k);
      made.values().append(sequence, b.v);
    }
    KeysAndValues.keep(made.lastKey(), sequence, lastKey);
    KeysAndValues.keep(made.lastValue(), sequence, lastValue);
  }

  private static void copy(Buffer to, History from, int sequence, int row) {
    float[] numbers = new float[to.length()];
    from.read(sequence, row, numbers, 0, to.rows());
    to.write(0, numbers, 0, numbers.length);
  }
}
