package rwkv.engine.train.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import rwkv.engine.Seeds;

/** Stories, read sentence by sentence by somebody who knows only English. */
class StoryTaskTest {

  private static final Pattern SENTENCE =
      Pattern.compile("(?:^|[ \\n])([A-Z][^.?]*\\?) ([^.?]*\\.)|(?:^|[ \\n])([A-Z][^.?]*\\.)");

  private static Task make(int time, Map<String, Object> given) {
    return Tasks.named("stories")
        .make(given, new Sizes(6, time, Seeds.random("stories").nextLong()));
  }

  /** Follows a story and answers its questions. */
  private static final class Reader {
    final Map<String, String> place = new HashMap<>();
    final Map<String, String> before = new HashMap<>();
    final Map<String, String> holder = new HashMap<>();
    final Map<String, String> floor = new HashMap<>();
    final Map<String, String> color = new HashMap<>();
    String last = "";

    /** The thing in {@code the red ball}, whose colour is noted. */
    String thing(String words) {
      String[] parts = words.strip().split(" ");
      if (parts.length == 2) {
        String known = color.put(parts[1], parts[0]);
        assertTrue(known == null || known.equals(parts[0]), words);
      }
      return parts[parts.length - 1];
    }

    void tell(String sentence) {
      String s = sentence.replaceFirst("^(He|She) ", last + " ");
      Matcher m;
      String who = s.split(" ")[0];
      if ((m = Pattern.compile("(?:The|There is a) (.*?)(?: is)? in the (\\w+)\\.").matcher(s))
          .matches()) {
        floor.put(thing(m.group(1)), m.group(2));
        last = "";
      } else if ((m = Pattern.compile("(\\w+) is in the (\\w+)\\.").matcher(s)).matches()) {
        place.put(m.group(1), m.group(2));
        last = who;
      } else if ((m = Pattern.compile("(\\w+) has a (.*)\\.").matcher(s)).matches()) {
        holder.put(thing(m.group(2)), m.group(1));
        last = who;
      } else if ((m =
              Pattern.compile("(\\w+) (?:went|ran|came|walked) to the (\\w+)\\.").matcher(s))
          .matches()) {
        before.put(who, place.put(who, m.group(2)));
        last = who;
      } else if ((m = Pattern.compile("(\\w+) (?:took|picked up) the (.*)\\.").matcher(s))
          .matches()) {
        String thing = thing(m.group(2));
        assertEquals(place.get(who), floor.remove(thing), s);
        assertTrue(!holder.containsValue(who), s);
        holder.put(thing, who);
        last = who;
      } else if ((m =
              Pattern.compile("(\\w+) (?:dropped|left|put) the (.*) in the (\\w+)\\.").matcher(s))
          .matches()) {
        String thing = thing(m.group(2));
        assertEquals(who, holder.remove(thing), s);
        assertEquals(place.get(who), m.group(3), s);
        floor.put(thing, m.group(3));
        last = who;
      } else if ((m = Pattern.compile("(\\w+) gave the (.*) to (\\w+)\\.").matcher(s)).matches()) {
        assertEquals(who, holder.put(thing(m.group(2)), m.group(3)), s);
        assertEquals(place.get(who), place.get(m.group(3)), s);
        last = "";
      } else {
        last = place.containsKey(who) ? who : "";
      }
    }

    String answer(String question) {
      last = "";
      String[] w = question.replace("?", "").split(" ");
      String one = w[w.length - 1];
      if (question.startsWith("Where was")) {
        assertEquals(place.get(w[2]), one, question);
        return "In the %s.".formatted(before.get(w[2]));
      }
      if (question.startsWith("Where is the")) {
        String where = floor.containsKey(one) ? floor.get(one) : place.get(holder.get(one));
        return "In the %s.".formatted(where);
      }
      if (question.startsWith("Where is")) {
        return "In the %s.".formatted(place.get(one));
      }
      if (question.startsWith("Who has")) {
        return holder.getOrDefault(one, "Nobody") + ".";
      }
      if (question.startsWith("What color")) {
        String c = color.get(one);
        return Character.toUpperCase(c.charAt(0)) + c.substring(1) + ".";
      }
      return holder.entrySet().stream()
          .filter(entry -> entry.getValue().equals(w[2]))
          .map(entry -> "The %s.".formatted(entry.getKey()))
          .findFirst()
          .orElse("Nothing.");
    }
  }

  private static List<String> check(String story) {
    Reader reader = new Reader();
    List<String> answers = new ArrayList<>();
    Matcher sentence = SENTENCE.matcher(story);
    int end = 0;
    while (sentence.find()) {
      assertEquals(end, sentence.start(), story);
      end = sentence.end();
      if (sentence.group(1) == null) {
        reader.tell(sentence.group(3));
      } else {
        assertEquals(reader.answer(sentence.group(1)), sentence.group(2), story);
        answers.add(sentence.group(2));
      }
    }
    assertEquals(story.length(), end, story);
    return answers;
  }

  @Test
  void answersFollowFromTheStory() {
    Task task = make(256, Map.of("tested", List.of(256, 600), "held_out", 60));
    Set<String> groups = new HashSet<>();
    for (Example example : task.heldOut()) {
      List<String> answers = check(task.vocabulary().decode(example.tokens()));
      assertEquals(answers.size(), example.answers().size());
      for (int i = 0; i < answers.size(); i++) {
        Example.Answer answer = example.answers().get(i);
        int[] said = Arrays.copyOfRange(example.targets(), answer.from(), answer.to());
        assertEquals(" " + answers.get(i), task.vocabulary().decode(said));
        groups.addAll(answer.groups());
      }
    }
    assertTrue(
        groups.containsAll(
            List.of(
                "where_person",
                "where_before",
                "where_object",
                "where_carried",
                "who_has",
                "what_has",
                "color",
                "nobody",
                "nothing",
                "distance 1 to 2",
                "distance 21 to 40",
                "up to 600 tokens",
                "all but nobody and nothing")),
        groups::toString);
  }

  @Test
  void rowsAreStoriesOfSeveralLengthsAndSometimesFollowAnEnd() {
    Task task = make(256, Map.of("answer_weight", 1));
    Set<Integer> times = new HashSet<>();
    int afterEnd = 0;
    int rows = 0;
    for (int step = 0; step < 60; step++) {
      Batch batch = task.batch(step);
      times.add(batch.time());
      assertTrue(batch.sequences() * batch.time() <= 6 * 256);
      for (int row = 0; row < batch.sequences(); row++, rows++) {
        int from = row * batch.time();
        int[] tokens = Arrays.copyOfRange(batch.tokens(), from, from + batch.time());
        afterEnd += tokens[0] == Vocabulary.END ? 1 : 0;
        check(task.vocabulary().decode(tokens));
        for (int t = 0; t + 1 < batch.time(); t++) {
          int target = batch.targets()[from + t];
          assertTrue(target == tokens[t + 1] || target == Batch.NOT_SCORED);
        }
      }
    }
    assertEquals(Set.of(64, 96, 128, 192, 256), times);
    double share = (double) afterEnd / rows;
    assertTrue(share > 0.18 && share < 0.32, () -> "after an end: " + share);
  }

  @Test
  void tokensOfAnswersWeighMoreThanTheRest() {
    Task task = make(192, Map.of("answer_weight", 5, "lengths", "full"));
    int answers = 0;
    for (int step = 0; step < 40; step++) {
      Batch batch = task.batch(step);
      for (int row = 0; row < batch.sequences(); row++) {
        boolean answering = false;
        boolean ended = false;
        for (int t = 0; t + 1 < batch.time() && !ended; t++) {
          int at = row * batch.time() + t;
          String now = task.vocabulary().decode(batch.tokens()[at]);
          answering = now.equals("?") || answering && !now.equals(".");
          ended = batch.targets()[at] == Vocabulary.END;
          if (!ended) {
            assertEquals(batch.tokens()[at + 1], batch.targets()[at]);
            assertEquals(answering ? 5 : 1, batch.weights()[at]);
            answers += answering ? 1 : 0;
          }
        }
      }
    }
    assertTrue(answers > 1000, "tokens of answers: " + answers);
  }
}
