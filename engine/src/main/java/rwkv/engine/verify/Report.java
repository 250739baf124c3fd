package rwkv.engine.verify;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What a self-test of a model found.
 *
 * @param model the file's name
 * @param configuration what was tested, as in "CPU, 2 threads, 256-bit vectors; weights Q8_0"
 * @param tokens the sequence that was run
 * @param sites every place of the model, in the order of the forward pass
 * @param identities what must agree within the configuration
 */
public record Report(
    String model,
    String configuration,
    int[] tokens,
    List<SiteError> sites,
    List<Identity> identities) {

  /**
   * Errors up to here, relative to the largest value of a site, are rounding: f32 sums of a few
   * thousand products, carried through tens of layers and a recurrence.
   */
  public static final double GREEN_LIMIT = 1e-4;

  /** Errors up to here leave most tokens as they are. */
  public static final double AMBER_LIMIT = 1e-2;

  public Report {
    sites = List.copyOf(sites);
    identities = List.copyOf(identities);
  }

  public Verdict verdict() {
    Verdict verdict = of(worst().relative());
    for (Identity identity : identities) {
      verdict = verdict.and(of(identity.relative()));
    }
    return verdict;
  }

  /** What an error of that size means. */
  public static Verdict of(double relative) {
    if (relative <= GREEN_LIMIT) {
      return Verdict.GREEN;
    }
    return relative <= AMBER_LIMIT ? Verdict.AMBER : Verdict.RED;
  }

  /** The place with the largest relative error, the first of equals. */
  public SiteError worst() {
    return sites.stream()
        .max(Comparator.comparingDouble(SiteError::relative))
        .orElse(new SiteError(0, "nothing", 0, 0, Double.POSITIVE_INFINITY, 0, 0));
  }

  /** The identity that is farthest from holding. */
  public Identity worstIdentity() {
    return identities.stream()
        .max(Comparator.comparingDouble(Identity::relative))
        .orElse(new Identity("nothing", Double.POSITIVE_INFINITY));
  }

  /** One sentence for a person. */
  public String sentence() {
    SiteError worst = worst();
    String where =
        String.format(
            Locale.ROOT,
            "worst of %d sites: %s in layer %d, off by %.2g of its largest value",
            sites.size(),
            worst.site(),
            worst.layer(),
            worst.relative());
    Identity broken = worstIdentity();
    String kept =
        broken.relative() == 0
            ? "all identities hold to the bit"
            : String.format(
                Locale.ROOT, "not to the bit: %s (%.2g)", broken.name(), broken.relative());
    return switch (verdict()) {
      case GREEN -> "The numbers are the model's (" + where + "; " + kept + ").";
      case AMBER ->
          "The numbers are near the model's, but not within rounding ("
              + where
              + "; "
              + kept
              + ").";
      case RED -> "The numbers are not the model's (" + where + "; " + kept + ").";
    };
  }
}
