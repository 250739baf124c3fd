package rwkv.probes;

import rwkv.engine.model.Progress;

/** A part of a long work, told from 0 to 1, as that part of the whole. */
record Span(Progress whole, double from, double to) implements Progress {

  @Override
  public void at(double done) {
    whole.at(done >= 1 ? to : from + (to - from) * done);
  }

  /** Part {@code index} of {@code count} equal ones of this. */
  Span part(int index, int count) {
    double each = (to - from) / count;
    return new Span(
        whole, from + each * index, index == count - 1 ? to : from + each * (index + 1));
  }
}
