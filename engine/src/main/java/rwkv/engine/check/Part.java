package rwkv.engine.check;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The parts of a check, in their order. */
public enum Part {
  /** What the device is. */
  FACTS,
  /** The list of kernel cases. */
  KERNELS,
  /** Reference models with recorded numbers. */
  GOLDEN,
  /** Trained models against the scalar reference. */
  SAMPLES,
  /** Gradient vectors. */
  GRADIENTS,
  /** A long text. */
  LONG,
  /** How fast it is. */
  BENCH;

  /**
   * By its name.
   *
   * @throws IllegalArgumentException naming those there are
   */
  public static Part of(String name) {
    return Arrays.stream(values())
        .filter(part -> part.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "'%s' is no part of the check, expected some of %s".formatted(name, names())));
  }

  /** All names, as they are written in options. */
  public static String names() {
    return Arrays.stream(values())
        .map(part -> part.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(","));
  }
}
