package rwkv.app.cli;

import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;
import rwkv.engine.sampling.SamplerSettings;

/** How tokens are drawn. The defaults are those of {@link SamplerSettings#DEFAULT}. */
final class SamplerOptions {

  @Option(
      names = "--temperature",
      paramLabel = "X",
      description = "0 takes the likeliest token (default: 1).")
  private double temperature = SamplerSettings.DEFAULT.temperature();

  @Option(
      names = "--top-k",
      paramLabel = "N",
      description = "Only the N likeliest tokens (default: 0, all).")
  private int topK = SamplerSettings.DEFAULT.topK();

  @Option(
      names = "--top-p",
      paramLabel = "X",
      description = "Only the likeliest tokens that together reach X (default: 0.9).")
  private double topP = SamplerSettings.DEFAULT.topP();

  @Option(
      names = "--min-p",
      paramLabel = "X",
      description = "Only tokens at least X times as likely as the likeliest (default: 0, all).")
  private double minP = SamplerSettings.DEFAULT.minP();

  @Option(
      names = "--presence",
      paramLabel = "X",
      description = "Taken off the logit of every token that has been generated (default: 0).")
  private double presence = SamplerSettings.DEFAULT.presencePenalty();

  @Option(
      names = "--frequency",
      paramLabel = "X",
      description = "Taken off once more for every time it has been (default: 0).")
  private double frequency = SamplerSettings.DEFAULT.frequencyPenalty();

  @Option(
      names = "--penalty-decay",
      paramLabel = "X",
      description = "What a time counts one token later (default: 0.996).")
  private double penaltyDecay = SamplerSettings.DEFAULT.penaltyDecay();

  @Option(names = "--seed", paramLabel = "N", description = "Same seed, same text (default: 42).")
  private long seed = SamplerSettings.DEFAULT.seed();

  @Option(
      names = "--ban",
      paramLabel = "IDS",
      description = "Tokens never to be generated, as in 0,17.")
  private String banned = "";

  /**
   * What was asked for.
   *
   * @param vocabulary of the model
   * @throws IOException if a file of banned tokens cannot be read
   */
  SamplerSettings settings(int vocabulary) throws IOException {
    int[] ids = TokenList.parse("--ban", banned);
    TokenList.check("--ban", ids, vocabulary);
    Set<Integer> none = Arrays.stream(ids).boxed().collect(Collectors.toSet());
    if (none.size() == vocabulary) {
      throw new BadInput("--ban leaves no token");
    }
    return BadInput.unless(() ->
        new SamplerSettings(
            temperature, topK, topP, minP, presence, frequency, penaltyDecay, none, seed));
  }
}
