package rwkv.engine.train.task;

import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import rwkv.engine.train.task.StoryWorld.Told;

/**
 * A question that a story has answered already.
 *
 * @param told the sentence that told the oldest fact it needs
 */
record StoryQuestion(Kind kind, String question, String answer, int told) {

  /** What is asked for. The last two can be answered right without knowing a fact. */
  enum Kind {
    WHERE_PERSON(2),
    WHERE_BEFORE(1),
    WHERE_OBJECT(2.5),
    WHERE_CARRIED(2.5),
    WHO_HAS(2),
    WHAT_HAS(2),
    COLOR(1.5),
    NOBODY(0.25),
    NOTHING(0.25);

    private final double weight;

    Kind(double weight) {
      this.weight = weight;
    }

    boolean needsFact() {
      return this != NOBODY && this != NOTHING;
    }
  }

  private static final List<Kind> KINDS = List.of(Kind.values());
  private static final double[] WEIGHTS = KINDS.stream().mapToDouble(kind -> kind.weight).toArray();

  /** A question of a random kind about something random; null if that cannot be asked now. */
  static @Nullable StoryQuestion about(StoryWorld world, RandomGenerator random) {
    Kind kind = KINDS.get(Draws.weighted(random, WEIGHTS));
    List<String> known =
        switch (kind) {
          case WHERE_PERSON, WHAT_HAS, NOTHING -> world.people();
          case WHERE_BEFORE -> List.copyOf(world.cameFrom.keySet());
          case WHERE_OBJECT, NOBODY -> List.copyOf(world.lies.keySet());
          case WHERE_CARRIED, WHO_HAS -> List.copyOf(world.held.keySet());
          case COLOR -> told(world.color);
        };
    return known.isEmpty() ? null : of(kind, Draws.one(random, known), world);
  }

  private static List<String> told(Map<String, Told> colors) {
    return colors.entrySet().stream()
        .filter(entry -> entry.getValue().sentence() > 0)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static @Nullable StoryQuestion of(Kind kind, String one, StoryWorld world) {
    return switch (kind) {
      case WHERE_PERSON -> place(kind, "Where is %s?".formatted(one), world.place, one);
      case WHERE_BEFORE -> {
        String now = StoryWorld.known(world.place, one).what();
        yield place(kind, "Where was %s before the %s?".formatted(one, now), world.cameFrom, one);
      }
      case WHERE_OBJECT -> place(kind, "Where is the %s?".formatted(one), world.lies, one);
      case WHERE_CARRIED -> {
        Told holder = StoryWorld.known(world.held, one);
        Told at = StoryWorld.known(world.place, holder.what());
        int oldest = Math.min(holder.sentence(), at.sentence());
        yield new StoryQuestion(kind, "Where is the %s?".formatted(one), in(at), oldest);
      }
      case WHO_HAS -> {
        Told holder = StoryWorld.known(world.held, one);
        String question = "Who has the %s?".formatted(one);
        yield new StoryQuestion(kind, question, holder.what() + ".", holder.sentence());
      }
      case NOBODY -> {
        Told at = StoryWorld.known(world.lies, one);
        yield new StoryQuestion(kind, "Who has the %s?".formatted(one), "Nobody.", at.sentence());
      }
      case COLOR -> {
        Told color = StoryWorld.known(world.color, one);
        String answer = StoryWords.capitalised(color.what()) + ".";
        yield new StoryQuestion(
            kind, "What color is the %s?".formatted(one), answer, color.sentence());
      }
      case WHAT_HAS, NOTHING -> has(kind, one, world);
    };
  }

  private static StoryQuestion place(
      Kind kind, String question, Map<String, Told> where, String one) {
    Told at = StoryWorld.known(where, one);
    return new StoryQuestion(kind, question, in(at), at.sentence());
  }

  private static String in(Told place) {
    return "In the %s.".formatted(place.what());
  }

  private static @Nullable StoryQuestion has(Kind kind, String person, StoryWorld world) {
    String thing = world.holding(person);
    if ((thing == null) != (kind == Kind.NOTHING)) {
      return null;
    }
    String question = "What does %s have?".formatted(person);
    return thing == null
        ? new StoryQuestion(
            kind, question, "Nothing.", StoryWorld.known(world.place, person).sentence())
        : new StoryQuestion(
            kind,
            question,
            "The %s.".formatted(thing),
            StoryWorld.known(world.held, thing).sentence());
  }
}
