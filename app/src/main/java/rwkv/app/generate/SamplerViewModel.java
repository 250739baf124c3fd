package rwkv.app.generate;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import rwkv.engine.sampling.SamplerSettings;

/** How tokens are drawn, as typed by a person; always valid as a whole. */
public final class SamplerViewModel {

  private static final SamplerSettings START = SamplerSettings.DEFAULT;

  private final Field<Double> temperature =
      Fields.number(
          "temperature",
          "0 takes the likeliest token; 1 leaves the model's own"
              + " probabilities; higher is wilder",
          START.temperature(),
          0,
          100);
  private final Field<Long> topK =
      Fields.whole(
          "top-k",
          "Keep only so many of the likeliest tokens; 0 keeps all",
          START.topK(),
          0,
          Integer.MAX_VALUE);
  private final Field<Double> topP =
      Fields.number(
          "top-p",
          "Keep the likeliest tokens that together reach this probability;" + " 1 keeps all",
          START.topP(),
          0,
          1);
  private final Field<Double> minP =
      Fields.number(
          "min-p",
          "Keep tokens at least this probable relative to the likeliest;" + " 0 keeps all",
          START.minP(),
          0,
          1);
  private final Field<Double> presence =
      Fields.number(
          "presence",
          "Subtracted from the logit of every token that has occurred",
          START.presencePenalty(),
          -100,
          100);
  private final Field<Double> frequency =
      Fields.number(
          "frequency",
          "Subtracted from a token's logit for every time it has occurred",
          START.frequencyPenalty(),
          -100,
          100);
  private final Field<Double> decay =
      Fields.number(
          "pen. decay",
          "Penalty decay: what an occurrence still counts one token later",
          START.penaltyDecay(),
          0,
          1);
  private final Field<Set<Integer>> banned =
      Fields.ids("banned", "Ids of tokens never drawn, with commas between; 0 keeps a text going");
  private final Field<Long> seed =
      Fields.whole("seed", "Same seed, same text", START.seed(), Long.MIN_VALUE, Long.MAX_VALUE);
  private final Field<Long> most =
      Fields.whole(
          "max tokens",
          "A generation ends after so many tokens; 0 sets no limit",
          400,
          0,
          Integer.MAX_VALUE);
  private final ReadOnlyObjectWrapper<SamplerSettings> settings =
      new ReadOnlyObjectWrapper<>(START);
  private final ReadOnlyStringWrapper summary = new ReadOnlyStringWrapper("");

  public SamplerViewModel() {
    fields().forEach(field -> field.valueProperty().subscribe(_ -> update()));
  }

  /** All fields in the order in which they act. */
  public List<Field<?>> fields() {
    return List.of(temperature, topK, topP, minP, presence, frequency, decay, banned, seed, most);
  }

  public Field<Double> temperature() {
    return temperature;
  }

  public Field<Double> topP() {
    return topP;
  }

  public Field<Long> seed() {
    return seed;
  }

  /** The fields as settings. */
  public ReadOnlyObjectProperty<SamplerSettings> settingsProperty() {
    return settings.getReadOnlyProperty();
  }

  /** The settings that matter most, as in "T 1 · top-p 0.9 · seed 42". */
  public ReadOnlyStringProperty summaryProperty() {
    return summary.getReadOnlyProperty();
  }

  /** Tokens that one generation makes at most. */
  public int mostTokens() {
    return most.value() == 0 ? Integer.MAX_VALUE : most.value().intValue();
  }

  /** Throws the dice for another seed. */
  public void rollSeed() {
    seed.textProperty().set(Integer.toString(ThreadLocalRandom.current().nextInt(1, 100_000)));
  }

  /** Fills the fields, as remembered from last time. */
  public void set(SamplerSettings remembered, int mostTokens) {
    temperature.textProperty().set(Fields.text(remembered.temperature()));
    topK.textProperty().set(Integer.toString(remembered.topK()));
    topP.textProperty().set(Fields.text(remembered.topP()));
    minP.textProperty().set(Fields.text(remembered.minP()));
    presence.textProperty().set(Fields.text(remembered.presencePenalty()));
    frequency.textProperty().set(Fields.text(remembered.frequencyPenalty()));
    decay.textProperty().set(Fields.text(remembered.penaltyDecay()));
    seed.textProperty().set(Long.toString(remembered.seed()));
    most.textProperty().set(mostTokens == Integer.MAX_VALUE ? "0" : Integer.toString(mostTokens));
  }

  private void update() {
    settings.set(
        new SamplerSettings(
            temperature.value(),
            topK.value().intValue(),
            topP.value(),
            minP.value(),
            presence.value(),
            frequency.value(),
            decay.value(),
            banned.value(),
            seed.value()));
    summary.set(
        temperature.value() == 0
            ? "greedy"
            : "T %s · p %s · seed %d"
                .formatted(
                    Fields.text(temperature.value()), Fields.text(topP.value()), seed.value()));
  }
}
