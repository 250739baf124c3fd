package rwkv.app.decay;

import java.util.ArrayList;
import java.util.List;
import rwkv.engine.analysis.Survival;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Decay as tables. */
final class DecayTables {

  private DecayTables() {}

  /** What remains of a write, a row for every number of tokens, a column for every key channel. */
  static Table curves(DecayViewModel model) {
    Survival survival = model.survival();
    int channels = model.decays().size();
    double lowest = model.decays().lowest();
    double[] tokens = survival.tokens();
    BooleanColumn met = BooleanColumn.create("exact");
    double[] fastest = new double[tokens.length];
    for (int p = 0; p < tokens.length; p++) {
      met.append(tokens[p] <= model.exactUpTo());
      fastest[p] = Math.pow(lowest, tokens[p]);
    }
    List<Column<?>> columns = new ArrayList<>();
    columns.add(DoubleColumn.create("tokens_after_write", tokens));
    columns.add(met);
    columns.add(DoubleColumn.create("mean_over_channels", survival.head().clone()));
    columns.add(DoubleColumn.create("low_10_percent", survival.low().clone()));
    columns.add(DoubleColumn.create("high_90_percent", survival.high().clone()));
    if (lowest > 0) {
      columns.add(DoubleColumn.create("fastest_possible", fastest));
    }
    for (int j = 0; j < channels; j++) {
      columns.add(DoubleColumn.create("channel_" + j, survival.channel(j).clone()));
    }
    return Table.create("decay", columns);
  }

  /** Half-lives in tokens, a row for every head. */
  static Table halfLives(HalfLifeStripViewModel model) {
    IntColumn layers = IntColumn.create("layer");
    IntColumn heads = IntColumn.create("head");
    DoubleColumn low = DoubleColumn.create("half_life_10_percent");
    DoubleColumn median = DoubleColumn.create("half_life_median");
    DoubleColumn high = DoubleColumn.create("half_life_90_percent");
    for (int head = 0; head < model.count(); head++) {
      layers.append(head / model.decays().heads());
      heads.append(head % model.decays().heads());
      low.append(model.low(head));
      median.append(model.median(head));
      high.append(model.high(head));
    }
    return Table.create(layers, heads, low, median, high);
  }
}
