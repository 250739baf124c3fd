package rwkv.engine.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What is dangerous or worth knowing about a model's decays, in words. */
public final class DecayWarnings {

  /** What counts as nothing. */
  private static final double NOTHING = 0.01;

  /** A layer that keeps nothing for so many tokens is worth a word. */
  private static final double SHORT = 200;

  /** Channels that keep half of a write longer than this add up what they are given. */
  private static final double LONG = 10_000;

  /** Below this half-life a write is gone, but for a thousandth, at the next token. */
  private static final double AT_ONCE = 0.1;

  private static final double FAR = 1000;
  private static final double FAINT = 1e-3;
  private static final int DECADES = 7;

  private final List<Finding> findings = new ArrayList<>();
  private final double shortest;

  /** What is found in one layer; of neighbouring layers with the same kind one warning is made. */
  private record Finding(int layer, Kind kind, double amount) {}

  private enum Kind {
    FORGETS(true, "nothing survives %s tokens (less than 1 %% of any write is left)"),
    KEEPS(true, "every channel keeps more than 10k tokens: what is written adds up, state grows"),
    AT_LIMIT(false, "%s at the shortest half-life the version has: hardly any gradient moves them"),
    DEAD(false, "%s forget at once (w below 0.001): hardly any gradient moves them"),
    SAME(false, "%s have the same half-life"),
    GAP(false, "no half-life between %s and %s tokens"),
    BF16(false, "%s cannot be told from 1 in bf16 (w above 0.998); keep decays in f32");

    private final boolean isSerious;
    private final String words;

    Kind(boolean isSerious, String words) {
      this.isSerious = isSerious;
      this.words = words;
    }
  }

  private DecayWarnings(double shortest) {
    this.shortest = shortest;
  }

  /**
   * Looks at all layers.
   *
   * @param halfLives in tokens, [layers, channels]
   * @param shortest half-life that the version can express, in tokens
   * @return serious ones first, then by layer
   */
  public static List<DecayWarning> of(double[][] halfLives, double shortest) {
    DecayWarnings found = new DecayWarnings(shortest);
    for (int layer = 0; layer < halfLives.length; layer++) {
      found.look(layer, halfLives[layer]);
    }
    List<DecayWarning> warnings = new ArrayList<>(distance(halfLives));
    for (Kind kind : Kind.values()) {
      found.merge(kind, warnings);
    }
    warnings.sort(
        Comparator.comparing(DecayWarning::isSerious)
            .reversed()
            .thenComparing(DecayWarning::firstLayer));
    return List.copyOf(warnings);
  }

  /** One pass over a layer: this runs while a curve is being dragged. */
  private void look(int layer, double[] halfLives) {
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    int dead = 0;
    int atLimit = 0;
    int inBf16 = 0;
    double brief = shortest > AT_ONCE ? shortest * 1.005 : 0;
    double endless = HalfLives.longestInBf16();
    int[] decades = new int[DECADES];
    for (double halfLife : halfLives) {
      least = Math.min(least, halfLife);
      most = Math.max(most, halfLife);
      dead += halfLife <= AT_ONCE ? 1 : 0;
      atLimit += halfLife <= brief ? 1 : 0;
      inBf16 += halfLife >= endless ? 1 : 0;
      int decade = 0;
      for (double above = 10; decade < DECADES && halfLife >= above; above *= 10) {
        decade++;
      }
      if (halfLife >= 1 && decade < DECADES) {
        decades[decade]++;
      }
    }
    double gone = HalfLives.until(most, NOTHING);
    find(gone < SHORT, layer, Kind.FORGETS, gone);
    find(least > LONG, layer, Kind.KEEPS, least);
    find(halfLives.length > 1 && most <= least * 1.001, layer, Kind.SAME, halfLives.length);
    find(dead > 0, layer, Kind.DEAD, dead);
    find(atLimit > 0, layer, Kind.AT_LIMIT, atLimit);
    find(inBf16 > 0, layer, Kind.BF16, inBf16);
    for (int decade = 0; decade < DECADES; decade++) {
      double from = Math.pow(10, decade);
      find(decades[decade] == 0 && least < from && most >= 10 * from, layer, Kind.GAP, from);
    }
  }

  private void find(boolean isSo, int layer, Kind kind, double amount) {
    if (isSo) {
      findings.add(new Finding(layer, kind, amount));
    }
  }

  private void merge(Kind kind, List<DecayWarning> into) {
    List<Finding> mine = new ArrayList<>(findings.stream().filter(f -> f.kind == kind).toList());
    if (kind == Kind.GAP) {
      mine.sort(Comparator.comparing(Finding::amount).thenComparing(Finding::layer));
    }
    for (int from = 0; from < mine.size(); ) {
      int to = from + 1;
      while (to < mine.size() && follows(mine.get(to - 1), mine.get(to))) {
        to++;
      }
      into.add(warning(kind, mine.subList(from, to)));
      from = to;
    }
  }

  private static boolean follows(Finding before, Finding next) {
    boolean alike = next.kind != Kind.GAP || next.amount == before.amount;
    return alike && next.layer == before.layer + 1;
  }

  private static DecayWarning warning(Kind kind, List<Finding> same) {
    int first = same.getFirst().layer;
    int last = same.getLast().layer;
    double least = same.stream().mapToDouble(Finding::amount).min().orElse(0);
    double most = same.stream().mapToDouble(Finding::amount).max().orElse(0);
    String layers = first == last ? "layer " + first : "layers %d–%d".formatted(first, last);
    String words =
        switch (kind) {
          case FORGETS -> kind.words.formatted(range(Math.ceil(least), Math.ceil(most)));
          case KEEPS -> kind.words;
          case GAP -> kind.words.formatted(n(least), n(10 * least));
          default ->
              kind.words.formatted(range(least, most) + (most == 1 ? " channel" : " channels"));
        };
    return new DecayWarning(first, last, kind.isSerious, layers + ": " + words);
  }

  private static String range(double least, double most) {
    return least == most ? n(least) : n(least) + " to " + n(most);
  }

  private static String n(double number) {
    return String.format(Locale.ROOT, "%,.0f", number).replace(',', '\u2009');
  }

  /** Whether gradients of any layer reach far. */
  private static List<DecayWarning> distance(double[][] halfLives) {
    for (double[] layer : halfLives) {
      double sum = 0;
      for (double halfLife : layer) {
        sum += Math.exp(-2 * Math.log(2) * FAR / halfLife);
      }
      if (Math.sqrt(sum / Math.max(1, layer.length)) >= FAINT) {
        return List.of();
      }
    }
    if (halfLives.length == 0) {
      return List.of();
    }
    return List.of(
        new DecayWarning(
            0,
            halfLives.length - 1,
            true,
            "all layers: less than 0.1 %% of a gradient reaches %s tokens back".formatted(n(FAR))));
  }
}
