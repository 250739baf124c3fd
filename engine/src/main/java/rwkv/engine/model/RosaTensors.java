package rwkv.engine.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import rwkv.engine.backend.Kernels;
import rwkv.engine.tensor.Shape;

/** The tensors and the state of ROSA; all sizes come from the tensors. */
record RosaTensors(Weights weights, Kernels kernels, int channels, LoadOptions options) {

  /** An entry beside the tensors that says how many channels make a symbol, 1 or 4. */
  static final String BITS = "rosa_bits";

  /** ROSA of one layer. */
  RosaMixing mixing(int layer, int channelsPerSymbol) {
    String rosa = "blocks." + layer + ".rosa.";
    int width = weights.rows(rosa + "q.weight");
    if (width % channelsPerSymbol != 0) {
      throw weights.problem(
          "tensor %sq.weight has %d rows, which %d channels for a symbol do not divide",
          rosa, width, channelsPerSymbol);
    }
    return new RosaMixing(
        kernels,
        layer,
        new RosaMixing.Weights(
            channelsPerSymbol,
            weights.vector(rosa + "x_q", channels),
            weights.vector(rosa + "x_k", channels),
            weights.vector(rosa + "x_v", channels),
            linear(rosa + "q", width, channels),
            linear(rosa + "k", width, channels),
            linear(rosa + "v", width, channels),
            weights.vector(rosa + "rosa_qkv.emb", width),
            linear(rosa + "o", channels, width)));
  }

  private RosaMixing.Linear linear(String name, int out, int in) {
    return new RosaMixing.Linear(
        weights.matrix(name + ".weight", out, in), weights.vector(name + ".bias", out));
  }

  /**
   * How many channels make a symbol, where the published forms are two. Their tensors have the same
   * names and shapes, so it is read, in this order, from what was chosen; from an entry {@value
   * #BITS} beside the tensors; from a width that four does not divide; from the name that the file
   * was saved under or has.
   */
  int channelsPerSymbol() {
    int said = said();
    if (said > 0) {
      return said;
    }
    if (weights.rows("blocks.0.rosa.q.weight") % 4 != 0) {
      return 1;
    }
    for (String name : weights.fileNames()) {
      String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
      boolean one = plain.contains("rosa1bit");
      if (one != plain.contains("rosa4bit")) {
        return one ? 1 : 4;
      }
    }
    throw weights.problem(
        "holds ROSA layers, and nothing in it says whether 1 or 4 channels make a symbol (their"
            + " tensors are alike); choose one when you open it, or give it a name with"
            + " \"rosa1bit\" or \"rosa4bit\" in it, or an entry %s",
        BITS);
  }

  /** What was chosen or else the entry says: 1, 4, or 0 without them. */
  int said() {
    if (options.rosaBits() != 0) {
      return options.rosaBits();
    }
    String value = weights.otherEntry(BITS);
    return switch (value) {
      case "" -> 0;
      case "1" -> 1;
      case "4" -> 4;
      default -> throw weights.problem("entry %s should be 1 or 4, found %s", BITS, value);
    };
  }

  /** The state of ROSA: the shift, and the bits of queries, keys and values. */
  List<StatePart> stateParts(RosaMixing.Sizes sizes) {
    List<StatePart> parts = new ArrayList<>();
    parts.add(new StatePart("rosa_x", Shape.of(channels), 0));
    for (String letter : List.of("q", "k", "v")) {
      parts.add(StatePart.growing("rosa_" + letter, sizes.bits()));
    }
    return parts;
  }

  /** Refuses layers of different widths: the state of every layer has the same parts. */
  void requireSame(int layer, RosaMixing.Sizes sizes, RosaMixing.Sizes first) {
    if (!sizes.equals(first)) {
      throw weights.problem(
          "tensor blocks.%d.rosa.q.weight has %d rows, that of block 0 has %d",
          layer, sizes.rosa(), first.rosa());
    }
  }
}
