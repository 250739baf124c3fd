package rwkv.engine.backend.cuda;

import rwkv.engine.backend.Buffer;

/** The two operations that look at all tokens so far: a launch or two for each sequence. */
final class Pasts {

  private final Card card;

  Pasts(Card card) {
    this.card = card;
  }

  /** Attention of 7b; see {@code Kernels}. */
  void attend7b(Buffer out, Buffer q, CudaHistory keys, CudaHistory values) {
    for (int b = 0; b < q.batch(); b++) {
      int seen = keys.length(b);
      CudaBuffer weights = card.room(1, q.time(), seen);
      card.over(
          "attention7b",
          q.time(),
          1,
          Card.THREADS,
          weights,
          q,
          keys.address(b),
          q.channels(),
          b * q.time(),
          q.time(),
          seen);
      card.over(
          "attended7b",
          Math.ceilDiv(out.channels(), Card.THREADS),
          q.time(),
          Card.THREADS,
          out,
          weights,
          values.address(b),
          out.channels(),
          b * q.time(),
          q.time(),
          seen);
    }
  }

  /** The suffix automaton's answers; see {@code Kernels}. */
  void rosa(
      Buffer out, Buffer matched, CudaHistory q, CudaHistory k, CudaHistory v, float unmatched) {
    for (int b = 0; b < out.batch(); b++) {
      card.over(
          "rosa",
          matched.channels(),
          out.time(),
          Card.THREADS,
          out,
          matched,
          q.address(b),
          k.address(b),
          v.address(b),
          q.channels(),
          k.channels(),
          v.channels(),
          out.channels(),
          matched.channels(),
          b * out.time(),
          out.time(),
          q.length(b),
          unmatched);
    }
  }
}
