package rwkv.app.decaylab;

import java.util.ArrayList;
import java.util.List;
import rwkv.engine.analysis.DecayProfile;
import rwkv.engine.train.DecayScale;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** The lab's numbers as tables. */
final class LabTables {

  private LabTables() {}

  /** A row for every decay of every layer. */
  static Table curve(DecayLabViewModel model) {
    LabCurve curve = model.curve();
    DecayScale scale = curve.shape().scale();
    IntColumn layers = IntColumn.create("layer");
    IntColumn channels = IntColumn.create("channel");
    DoubleColumn raw = DoubleColumn.create("raw");
    DoubleColumn factors = DoubleColumn.create("factor_per_token");
    DoubleColumn halfLives = DoubleColumn.create("half_life_tokens");
    DoubleColumn before = DoubleColumn.create("half_life_before");
    for (int layer = 0; layer < curve.shape().layers(); layer++) {
      for (int i = 0; i < curve.shape().values(); i++) {
        layers.append(layer);
        channels.append(i);
        raw.append(curve.raw(layer)[i]);
        factors.append(scale.factor(curve.raw(layer)[i]));
        halfLives.append(curve.halfLives(layer)[i]);
        before.append(model.original().halfLives(layer)[i]);
      }
    }
    return Table.create("decays", layers, channels, raw, factors, halfLives, before);
  }

  /** What is left of a write of the chosen layer: a row for every distance. */
  static Table impulses(DecayLabViewModel model) {
    int layer = model.layerProperty().get();
    double[] halfLives = model.curve().halfLives(layer);
    double[][] byChannel = new double[halfLives.length][LabCurve.LAGS.size()];
    List<Column<?>> columns = new ArrayList<>();
    columns.add(DoubleColumn.create("tokens_after_write", LabCurve.LAGS.lags()));
    DecayProfile profile = model.curve().profile(layer);
    DoubleColumn mean = DoubleColumn.create("mean_over_channels");
    for (int p = 0; p < LabCurve.LAGS.size(); p++) {
      mean.append(profile.mean(p));
    }
    columns.add(mean);
    for (int i = 0; i < halfLives.length; i++) {
      LabCurve.LAGS.response(halfLives[i], byChannel[i]);
      columns.add(DoubleColumn.create("channel_" + i, byChannel[i]));
    }
    return Table.create("impulses", columns);
  }

  /** Sizes of gradients: a row for every layer and distance. */
  static Table gradients(DecayLabViewModel model) {
    IntColumn layers = IntColumn.create("layer");
    DoubleColumn tokens = DoubleColumn.create("tokens_back");
    DoubleColumn mean = DoubleColumn.create("mean");
    DoubleColumn rms = DoubleColumn.create("rms");
    DoubleColumn training = DoubleColumn.create("n_times_mean");
    for (int layer = 0; layer < model.curve().shape().layers(); layer++) {
      DecayProfile profile = model.curve().profile(layer);
      for (int p = 0; p < LabCurve.LAGS.size(); p++) {
        layers.append(layer);
        tokens.append(LabCurve.LAGS.lag(p));
        mean.append(profile.mean(p));
        rms.append(profile.rms(p));
        training.append(profile.training(p));
      }
    }
    return Table.create("gradients", layers, tokens, mean, rms, training);
  }

  /** What every layer keeps over the horizons: a row for each of both. */
  static Table coverage(DecayLabViewModel model) {
    IntColumn layers = IntColumn.create("layer");
    DoubleColumn tokens = DoubleColumn.create("tokens_after_write");
    DoubleColumn left = DoubleColumn.create("left_mean_over_channels");
    DoubleColumn kept = DoubleColumn.create("share_of_channels_keeping_half");
    for (int layer = 0; layer < model.curve().shape().layers(); layer++) {
      DecayProfile profile = model.curve().profile(layer);
      for (int h = 0; h < DecayProfile.horizons(); h++) {
        layers.append(layer);
        tokens.append(DecayProfile.horizon(h));
        left.append(profile.left(h));
        kept.append(profile.kept(h));
      }
    }
    return Table.create("coverage", layers, tokens, left, kept);
  }
}
