package rwkv.engine.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How large an RWKV-7 is.
 *
 * @param layers at least 1
 * @param channels a multiple of {@code headSize}
 * @param headSize of the WKV state
 * @param vocabulary tokens, at least 1
 */
public record ModelShape(int layers, int channels, int headSize, int vocabulary) {

  private static final int HEAD_SIZE = 64;
  private static final int WORLD = 65536;
  private static final Pattern SIZES = Pattern.compile("(\\d{1,4})x(\\d{1,6})(?:x(\\d{1,7}))?");

  /** The published models, head size 64, World vocabulary. */
  private static final Map<String, ModelShape> OFFICIAL = new LinkedHashMap<>();

  static {
    OFFICIAL.put("0.1B", world(12, 768));
    OFFICIAL.put("0.4B", world(24, 1024));
    OFFICIAL.put("1.5B", world(24, 2048));
    OFFICIAL.put("2.9B", world(32, 2560));
    OFFICIAL.put("7.2B", world(32, 4096));
    OFFICIAL.put("13.3B", world(61, 4096));
  }

  /**
   * @throws IllegalArgumentException naming the size that is wrong
   */
  public ModelShape {
    if (layers < 1 || channels < 1 || headSize < 1 || vocabulary < 1) {
      throw new IllegalArgumentException(
          "a shape of %d layers, %d channels, head size %d and %d tokens; each must be at least 1"
              .formatted(layers, channels, headSize, vocabulary));
    }
    if (channels % headSize != 0) {
      throw new IllegalArgumentException(
          "%d channels are not whole heads of %d".formatted(channels, headSize));
    }
  }

  private static ModelShape world(int layers, int channels) {
    return new ModelShape(layers, channels, HEAD_SIZE, WORLD);
  }

  /**
   * A shape by the name of a published model, as in {@code 0.4B}, or by its sizes: {@code
   * LAYERSxCHANNELS} or {@code LAYERSxCHANNELSxVOCABULARY}, head size 64.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  public static ModelShape parse(String text) {
    ModelShape official = OFFICIAL.get(text.toUpperCase(java.util.Locale.ROOT));
    if (official != null) {
      return official;
    }
    Matcher sizes = SIZES.matcher(text);
    if (!sizes.matches()) {
      throw new IllegalArgumentException(
          "'%s' is no shape; take one of %s, or LAYERSxCHANNELS as in 12x768"
              .formatted(text, String.join(", ", OFFICIAL.keySet())));
    }
    int vocabulary = sizes.group(3) == null ? WORLD : Integer.parseInt(sizes.group(3));
    int layers = Integer.parseInt(sizes.group(1));
    return new ModelShape(layers, Integer.parseInt(sizes.group(2)), HEAD_SIZE, vocabulary);
  }

  /**
   * The rank of a pair of low-rank matrices in released models: {@code max(32, 32 round(f √C /
   * 32))}, f being 1.8 for the decay and the in-context learning rate and 1.3 for the value
   * residual; of the gate {@code 0.6 C^0.8} takes the place of {@code f √C}.
   *
   * @param letter w, a, v or g
   */
  int rank(String letter) {
    if (letter.equals("g") && channels == 1024) {
      // Released with fewer than the formula gives, 160.
      return 128;
    }
    double wanted =
        switch (letter) {
          case "w", "a" -> 1.8 * Math.sqrt(channels);
          case "v" -> 1.3 * Math.sqrt(channels);
          case "g" -> 0.6 * Math.pow(channels, 0.8);
          default -> throw new IllegalArgumentException("no low-rank matrices of " + letter);
        };
    return Math.max(32, 32 * (int) Math.rint(wanted / 32));
  }

  /** As in {@code 12 x 768}. */
  @Override
  public String toString() {
    return layers + " x " + channels;
  }
}
