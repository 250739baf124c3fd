package rwkv.app.decaylab;

import rwkv.app.chart.Numbers;
import rwkv.engine.train.DecayShape;

/** What pictures of the lab say about places under the mouse. */
final class CurveWords {

  private CurveWords() {}

  /** A channel of the chosen layer with its half-life, factor and raw parameter. */
  static String channel(DecayLabViewModel model, int channel) {
    int layer = model.layerProperty().get();
    DecayShape shape = model.curve().shape();
    double raw = model.curve().raw(layer)[channel];
    double before = model.original().halfLives(layer)[channel];
    double now = model.halfLife(channel);
    String was = before == now ? "" : ", was " + Numbers.tokens(before);
    return "L%d %s: half-life %s tokens%s, w %s, %s %s"
        .formatted(
            layer,
            name(shape, channel),
            Numbers.tokens(now),
            was,
            Numbers.significant(shape.scale().factor(raw), 6),
            shape.scale().shortest() > 0.5 ? "w0" : "time_decay",
            Numbers.significant(raw, 4));
  }

  private static String name(DecayShape shape, int index) {
    if (shape.values() != shape.channels()) {
      return "head " + index;
    }
    return shape.version().hasHeads()
        ? "channel %d (H%d j=%d)"
            .formatted(index, index / shape.headSize(), index % shape.headSize())
        : "channel " + index;
  }

  /** A share, as in 93.1 % or 2.1e-05. */
  static String share(double share) {
    return share >= 0.0005 || share == 0
        ? Numbers.shortest(share * 100) + " %"
        : Numbers.significant(share, 2);
  }
}
