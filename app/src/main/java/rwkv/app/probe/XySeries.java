package rwkv.app.probe;

/**
 * Points that belong together.
 *
 * @param name empty if there is nothing to be told apart
 * @param color which colour, from 0
 * @param style which kind of mark and line, from 0
 * @param xs NaN for none
 * @param ys NaN for none
 */
record XySeries(String name, int color, int style, double[] xs, double[] ys) {

  int size() {
    return xs.length;
  }
}
