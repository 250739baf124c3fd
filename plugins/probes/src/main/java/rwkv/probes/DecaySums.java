package rwkv.probes;

import rwkv.engine.backend.Buffer;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;

/** Adds up ln w of every channel over the tokens that a batch reads. */
final class DecaySums implements Trace {

  private final int channels;
  private final int batch;
  private final double[][] sums;
  private final float[] row;
  private final int[] tokens;

  DecaySums(ModelSpec spec, int batch) {
    this.channels = spec.channels();
    this.batch = batch;
    this.sums = new double[spec.layers()][batch * channels];
    this.row = new float[channels];
    this.tokens = new int[spec.layers()];
  }

  @Override
  public void at(int layer, Site site, Buffer values) {
    switch (site) {
      case W -> add(layer, values);
      case TIME_MIX_INPUT -> tokens[layer] = values.time();
      default -> {}
    }
  }

  private void add(int layer, Buffer values) {
    boolean shared = values.rows() == 1;
    for (int sequence = 0; sequence < batch; sequence++) {
      for (int t = 0; t < (shared ? 1 : values.time()); t++) {
        values.read(shared ? 0 : (sequence * values.time() + t) * channels, row, 0, channels);
        int times = shared ? tokens[layer] : 1;
        for (int c = 0; c < channels; c++) {
          double ln = Math.log(Math.max(row[c], Float.MIN_VALUE));
          sums[layer][sequence * channels + c] += times * ln;
        }
      }
    }
  }

  /** Σ ln w of a channel since the beginning. */
  double sum(int layer, int sequence, int channel) {
    return sums[layer][sequence * channels + channel];
  }
}
