package rwkv.engine.backend.cpu;

import rwkv.engine.backend.Buffer;

/**
 * {@link Attention} of all tokens of a pass, shared out among threads: token by token where there
 * are many, and by rows of the text and then by channels where there is one.
 *
 * @param small multiply-adds below which another thread is not worth its while
 */
record TextAttention(Workers workers, long small) {

  void run(Buffer out, Buffer q, CpuHistory keys, CpuHistory values) {
    for (int b = 0; b < q.batch(); b++) {
      if (q.time() == 1) {
        one(out, b, attention(q, b, b, keys, values));
      } else {
        many(out, q, b, keys, values);
      }
    }
  }

  private void many(Buffer out, Buffer q, int b, CpuHistory keys, CpuHistory values) {
    int channels = out.channels();
    Workers.Piece piece =
        (t, slot) -> {
          int row = b * q.time() + t;
          Attention attention = attention(q, row, b, keys, values);
          attention.score(0, attention.weights().length);
          attention.softmax();
          attention.mean(CpuKernels.data(out), row * channels, channels, 0, channels);
        };
    share(q.time(), (long) keys.length(b) * (q.channels() + channels) * q.time(), piece);
  }

  private void one(Buffer out, int row, Attention attention) {
    int seen = attention.weights().length;
    int channels = out.channels();
    int pieces = 4 * workers.count();
    share(
        pieces,
        (long) seen * attention.width(),
        (i, slot) ->
            attention.score(
                (int) ((long) seen * i / pieces), (int) ((long) seen * (i + 1) / pieces)));
    attention.softmax();
    int blocks = (channels - 1) / Lanes.COUNT + 1;
    share(
        pieces,
        (long) seen * channels,
        (i, slot) ->
            attention.mean(
                CpuKernels.data(out),
                row * channels,
                channels,
                Math.min(channels, blocks * i / pieces * Lanes.COUNT),
                Math.min(channels, blocks * (i + 1) / pieces * Lanes.COUNT)));
  }

  private void share(int pieces, long work, Workers.Piece piece) {
    if (work < small) {
      for (int i = 0; i < pieces; i++) {
        piece.run(i, 0);
      }
    } else {
      workers.run(pieces, piece);
    }
  }

  private static Attention attention(Buffer q, int row, int b, CpuHistory keys, CpuHistory values) {
    int seen = keys.length(b) - q.time() + row % q.time() + 1;
    return new Attention(
        CpuKernels.data(q),
        row * q.channels(),
        keys.data(b),
        values.data(b),
        new float[seen],
        keys.channels());
  }
}
