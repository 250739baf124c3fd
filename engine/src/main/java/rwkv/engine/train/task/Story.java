package rwkv.engine.train.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import rwkv.engine.train.task.StoryWorld.Told;

/**
 * A tiny story about people, places and things, told sentence by sentence in plain English until it
 * is as long as it may be, with questions whose answers follow from it.
 */
final class Story {

  /**
   * How stories are.
   *
   * @param colored share of things that have a colour
   * @param questions probability that a question comes next, but for after a question
   */
  record Manner(double colored, double questions) {}

  /**
   * An answer in the story.
   *
   * @param from its first token
   * @param to the token after its last
   * @param distance sentences since the oldest fact it needs was told, 1 for the one before
   */
  record Answered(StoryQuestion.Kind kind, int from, int to, int distance) {}

  /** After a question another one is that much less likely. */
  private static final double QUESTION_AGAIN = 0.325;

  private final RandomGenerator random;
  private final Manner manner;
  private final int limit;
  private final StoryWorld world = new StoryWorld();
  private final List<Answered> answers = new ArrayList<>();
  private final Map<String, String> asked = new HashMap<>();
  private final List<String> places;
  private int[] tokens = new int[64];
  private int count;
  private int sentence;
  private boolean full;

  /** Whom He or She would mean now. */
  private @Nullable String subject;

  /**
   * Tells a story.
   *
   * @param limit of its tokens, the end of text included
   */
  Story(RandomGenerator random, Manner manner, int limit) {
    this.random = random;
    this.manner = manner;
    this.limit = limit;
    List<String> people = some(StoryWords.PEOPLE, Draws.between(random, 2, 4));
    this.places = some(StoryWords.PLACES, Draws.between(random, 3, 5));
    List<String> things = some(StoryWords.OBJECTS, Draws.between(random, 2, 4));
    for (String thing : things) {
      if (Draws.chance(random, manner.colored)) {
        world.color.put(thing, new Told(Draws.one(random, StoryWords.COLORS), 0));
      }
    }
    tell(people, things);
  }

  /** Its tokens, without the end of text. */
  int[] tokens() {
    return Arrays.copyOf(tokens, count);
  }

  List<Answered> answers() {
    return Collections.unmodifiableList(answers);
  }

  private List<String> some(List<String> of, int number) {
    return Arrays.stream(Draws.distinct(random, of.size(), number)).mapToObj(of::get).toList();
  }

  private void tell(List<String> people, List<String> things) {
    introduce(people.getFirst());
    List<String> rest = new ArrayList<>(people.subList(1, people.size()));
    rest.addAll(things);
    List<String> late = new ArrayList<>();
    for (String one : some(rest, rest.size())) {
      if (Draws.chance(random, 0.3)) {
        late.add(one);
      } else {
        introduce(one);
      }
    }
    boolean questionBefore = false;
    while (!full) {
      double likely = manner.questions * (questionBefore ? QUESTION_AGAIN : 1);
      questionBefore = Draws.chance(random, likely) && ask();
      if (questionBefore) {
        continue;
      }
      if (Draws.chance(random, 0.12)) {
        fill();
      } else if (!late.isEmpty() && Draws.chance(random, 0.25)) {
        introduce(late.removeLast());
      } else {
        happen();
      }
    }
  }

  /** Writes a sentence; false if the story would grow too long, which then is full. */
  private boolean write(String words) {
    return write(words, null);
  }

  private boolean write(String words, @Nullable String answer) {
    String gap = count == 0 ? "" : Draws.chance(random, 0.1) ? "\n" : " ";
    int[] said = StoryWords.VOCABULARY.encode(gap + words);
    int[] replied = StoryWords.VOCABULARY.encode(answer == null ? "" : " " + answer);
    if (count + said.length + replied.length + 1 > limit) {
      full = true;
      return false;
    }
    append(said);
    append(replied);
    sentence++;
    return true;
  }

  private void append(int[] more) {
    if (count + more.length > tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * (count + more.length));
    }
    System.arraycopy(more, 0, tokens, count, more.length);
    count += more.length;
  }

  /** A thing's name, sometimes with its colour, which tells the colour again. */
  private String named(String thing, double chance) {
    Told color = world.color.get(thing);
    if (color == null || !Draws.chance(random, chance)) {
      return thing;
    }
    world.color.put(thing, new Told(color.what(), sentence + 1));
    return color.what() + " " + thing;
  }

  private String called(String person) {
    if (!person.equals(subject) || !Draws.chance(random, 0.5)) {
      return person;
    }
    return StoryWords.MEN.contains(person) ? "He" : "She";
  }

  private void introduce(String one) {
    if (StoryWords.PEOPLE.contains(one)) {
      String place = Draws.one(random, places);
      if (write("%s is in the %s.".formatted(one, place))) {
        world.place.put(one, new Told(place, sentence));
        subject = one;
      }
      return;
    }
    List<String> free = world.people().stream().filter(p -> world.holding(p) == null).toList();
    if (!free.isEmpty() && Draws.chance(random, 0.3)) {
      String holder = Draws.one(random, free);
      if (write("%s has a %s.".formatted(holder, named(one, 1)))) {
        world.held.put(one, new Told(holder, sentence));
        subject = holder;
      }
      return;
    }
    String place = Draws.one(random, places);
    String pattern =
        Draws.chance(random, 0.25) ? "There is a %s in the %s." : "The %s is in the %s.";
    if (write(pattern.formatted(named(one, 1), place))) {
      world.lies.put(one, new Told(place, sentence));
      subject = null;
    }
  }

  private void fill() {
    if (Draws.chance(random, 0.5)) {
      String person = Draws.one(random, world.people());
      String mood = Draws.one(random, StoryWords.MOODS);
      if (write("%s %s.".formatted(called(person), mood))) {
        subject = person;
      }
    } else if (write(Draws.one(random, StoryWords.FILLERS))) {
      subject = null;
    }
  }

  /** Somebody does one of the things that can be done. */
  private void happen() {
    String last = subject;
    String person =
        last != null && Draws.chance(random, 0.4) ? last : Draws.one(random, world.people());
    String here = StoryWorld.known(world.place, person).what();
    String thing = world.holding(person);
    List<String> near = world.lyingIn(here);
    List<String> mates = world.freeMates(person);
    int event =
        Draws.weighted(
            random,
            3,
            thing == null && !near.isEmpty() ? 5 : 0,
            thing == null ? 0 : 1,
            thing == null || mates.isEmpty() ? 0 : 3);
    String who = called(person);
    if (event == 0) {
      go(person, who, here);
    } else if (thing == null) {
      take(person, who, Draws.one(random, near));
    } else if (event == 2) {
      drop(person, who, thing, here);
    } else {
      give(who, thing, Draws.one(random, mates));
    }
  }

  private void go(String person, String who, String here) {
    String there = Draws.one(random, places.stream().filter(place -> !place.equals(here)).toList());
    if (write("%s %s to the %s.".formatted(who, Draws.one(random, StoryWords.GO), there))) {
      world.goes(person, there, sentence);
      subject = person;
    }
  }

  private void take(String person, String who, String thing) {
    String verb = Draws.one(random, StoryWords.TAKE);
    if (write("%s %s the %s.".formatted(who, verb, named(thing, 0.25)))) {
      world.takes(person, thing, sentence);
      subject = person;
    }
  }

  private void drop(String person, String who, String thing, String here) {
    String name = named(thing, 0.25);
    String verb = Draws.one(random, StoryWords.DROP);
    if (write("%s %s the %s in the %s.".formatted(who, verb, name, here))) {
      world.drops(person, thing, sentence);
      subject = person;
    }
  }

  /** After it He could be either of them. */
  private void give(String who, String thing, String mate) {
    if (write("%s gave the %s to %s.".formatted(who, named(thing, 0.25), mate))) {
      world.held.put(thing, new Told(mate, sentence));
      subject = null;
    }
  }

  /** Asks something whose answer has changed since it was asked last, if at all. */
  private boolean ask() {
    StoryQuestion one = StoryQuestion.about(world, random);
    if (one == null
        || one.answer().equals(asked.get(one.question()))
        || !write(one.question(), one.answer())) {
      return false;
    }
    asked.put(one.question(), one.answer());
    int length = StoryWords.VOCABULARY.encode(" " + one.answer()).length;
    answers.add(new Answered(one.kind(), count - length, count, sentence - one.told()));
    subject = null;
    return true;
  }
}
