package rwkv.app.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import rwkv.engine.tensor.DType;

/** The types that weights are stored in, as a person names them. */
final class WeightTypes {

  /** Most bits first. */
  static final List<DType> ALL =
      List.of(
          DType.F32,
          DType.F16,
          DType.BF16,
          DType.Q8_0,
          DType.Q6_K,
          DType.Q5_K,
          DType.Q5_1,
          DType.Q5_0,
          DType.Q4_K,
          DType.Q4_1,
          DType.Q4_0);

  private WeightTypes() {}

  /** As in {@code q8_0}. */
  static String name(DType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  /**
   * The type of that name.
   *
   * @throws BadInput if there is none
   */
  static DType parse(String name) {
    return ALL.stream()
        .filter(type -> type.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () -> new BadInput("--dtype is '%s', expected one of %s".formatted(name, names())));
  }

  private static String names() {
    return ALL.stream().map(WeightTypes::name).collect(Collectors.joining(", "));
  }
}
