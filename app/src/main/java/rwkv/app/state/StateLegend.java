package rwkv.app.state;

import rwkv.app.chart.DivergingMap;
import rwkv.app.chart.Numbers;
import rwkv.app.chart.ScaleLegend;
import rwkv.app.chart.SignedScale.Mode;
import rwkv.app.cursor.Place;

/** What the legend of a state says: its ends are open where some numbers may be beyond them. */
final class StateLegend {

  private StateLegend() {}

  static void show(ScaleLegend legend, DivergingMap map, ShownState state, Place place) {
    double limit = state.limit(place.layer(), place.head());
    if (state.mode() == Mode.ROBUST && limit > 0) {
      String number = Numbers.shortest(limit);
      legend.signed(map, "≤ -" + number, "≥ " + number);
    } else {
      legend.signed(map, limit);
    }
  }
}
