package rwkv.engine.backend.cpu;

import rwkv.engine.backend.Buffer;

/** The recurrences of RWKV-4, 5 and 6 as their formulas read, in double but for the states. */
final class ReferenceWkv {

  private ReferenceWkv() {}

  /** See {@link rwkv.engine.backend.Kernels#wkv4}. */
  static void wkv4(
      Buffer y, float[] a, float[] b, float[] p, float[] w, float[] u, float[] k, float[] v) {
    int channels = y.channels();
    for (int row = 0; row < y.rows(); row++) {
      for (int c = 0; c < channels; c++) {
        int i = row * channels + c;
        int s = row / y.time() * channels + c;
        double q = Math.max(p[s], (double) u[c] + k[i]);
        double past = Math.exp(p[s] - q);
        double now = Math.exp((double) u[c] + k[i] - q);
        CpuKernels.data(y)[i] = (float) ((past * a[s] + now * v[i]) / (past * b[s] + now));

        q = Math.max((double) p[s] + w[c], k[i]);
        past = Math.exp((double) p[s] + w[c] - q);
        now = Math.exp(k[i] - q);
        a[s] = (float) (past * a[s] + now * v[i]);
        b[s] = (float) (past * b[s] + now);
        p[s] = (float) q;
      }
    }
  }

  /**
   * One head over one token: y_j ← Σ_i r_i (u_i k_i v_j + S_ij), then S_ij ← w_i S_ij + k_i v_j.
   *
   * @param s where S begins
   * @param c where y, r, k and v begin
   * @param d where w begins
   * @param h where u begins
   */
  static void step6(
      float[] y,
      float[] state,
      int s,
      float[] r,
      float[] k,
      float[] v,
      int c,
      float[] w,
      int d,
      float[] u,
      int h,
      int size) {
    for (int j = 0; j < size; j++) {
      double sum = 0;
      for (int i = 0; i < size; i++) {
        double written = (double) k[c + i] * v[c + j];
        double old = state[s + i * size + j];
        sum += r[c + i] * (u[h + i] * written + old);
        state[s + i * size + j] = (float) (w[d + i] * old + written);
      }
      y[c + j] = (float) sum;
    }
  }
}
