package rwkv.engine.train.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who and what is where in a story, and which sentence told it last. Nobody holds two things. */
final class StoryWorld {

  /**
   * A fact.
   *
   * @param what a place, a person or a colour
   * @param sentence that told it last, counted from 1; 0 if none has
   */
  record Told(String what, int sentence) {}

  /** Where people are. */
  final Map<String, Told> place = new LinkedHashMap<>();

  /** Where people were before. */
  final Map<String, Told> cameFrom = new LinkedHashMap<>();

  /** Where objects lie. */
  final Map<String, Told> lies = new LinkedHashMap<>();

  /** Who holds objects. */
  final Map<String, Told> held = new LinkedHashMap<>();

  /** Colours of objects that have one. */
  final Map<String, Told> color = new LinkedHashMap<>();

  static Told known(Map<String, Told> facts, String of) {
    Told fact = facts.get(of);
    if (fact == null) {
      throw new IllegalArgumentException("nothing is known of " + of);
    }
    return fact;
  }

  /** What a person holds. */
  @Nullable String holding(String person) {
    for (Map.Entry<String, Told> entry : held.entrySet()) {
      if (entry.getValue().what.equals(person)) {
        return entry.getKey();
      }
    }
    return null;
  }

  List<String> people() {
    return List.copyOf(place.keySet());
  }

  /** Objects on the floor of a place. */
  List<String> lyingIn(String where) {
    List<String> near = new ArrayList<>();
    lies.forEach((thing, at) -> {
      if (at.what.equals(where)) {
        near.add(thing);
      }
    });
    return near;
  }

  /** Others in the place of a person whose hands are free. */
  List<String> freeMates(String person) {
    String here = known(place, person).what;
    return people().stream()
        .filter(mate -> !mate.equals(person))
        .filter(mate -> known(place, mate).what.equals(here) && holding(mate) == null)
        .toList();
  }

  void goes(String person, String there, int sentence) {
    cameFrom.put(person, known(place, person));
    place.put(person, new Told(there, sentence));
  }

  void takes(String person, String thing, int sentence) {
    lies.remove(thing);
    held.put(thing, new Told(person, sentence));
  }

  /** The sentence tells again where the person is. */
  void drops(String person, String thing, int sentence) {
    String here = known(place, person).what;
    held.remove(thing);
    lies.put(thing, new Told(here, sentence));
    place.put(person, new Told(here, sentence));
  }
}
