package rwkv.engine.verify;

/**
 * How far a configuration is from the reference at one place of the model.
 *
 * @param layer counted from 0; the number of layers for what comes after the last
 * @param site a trace site's or a state part's short name, as in "kk" or "att_kv"
 * @param values how many numbers were compared
 * @param largest the largest |reference|
 * @param error the largest |configuration − reference|; infinite where one of them is no number
 * @param token position at which that error was
 * @param channel of that error within the token's values
 */
public record SiteError(
    int layer, String site, long values, double largest, double error, int token, int channel) {

  /**
   * The largest error in units of the largest value at this place; 0 where both are zero.
   *
   * <p>Rounding leaves errors in proportion to the terms of a sum, not to the sum itself, so a
   * number near zero among large ones may be off by much of its own size and still be right.
   */
  public double relative() {
    return error == 0 ? 0 : error / Math.max(largest, Float.MIN_NORMAL);
  }
}
