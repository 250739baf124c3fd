package rwkv.engine.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.engine.Seeds;
import rwkv.engine.backend.Backends;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.bench.ModelShape;
import rwkv.engine.bench.RandomModel;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Rwkv;
import rwkv.engine.model.State;
import rwkv.engine.tensor.DType;
import rwkv.engine.trace.Trace;
import rwkv.engine.train.task.Example;

/** Examples side by side must be judged as one by one, token by token. */
class EvaluationTest {

  private static final int VOCABULARY = 11;

  @TempDir Path folder;

  private static Example example(Random random, int length) {
    int[] tokens = random.ints(length, 0, VOCABULARY).toArray();
    int[] targets = random.ints(length, -1, VOCABULARY).toArray();
    List<Example.Answer> answers = new ArrayList<>();
    for (int at = 0; at + 1 < length; at++) {
      if (targets[at] >= 0 && targets[at + 1] >= 0) {
        answers.add(new Example.Answer(at, at + 2, List.of("two")));
      } else if (targets[at] >= 0) {
        answers.add(new Example.Answer(at, at + 1, List.of("length " + length, "one")));
      }
    }
    return new Example(tokens, targets, answers);
  }

  @Test
  void examplesSideBySideAreJudgedAsOneByOne() {
    Random random = Seeds.random("evaluation");
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < 37; i++) {
      examples.add(example(random, 1 + random.nextInt(40)));
    }
    ModelShape shape = new ModelShape(2, 32, 16, VOCABULARY);
    try (RandomModel checkpoint = RandomModel.official(shape, DType.F32, random.nextLong());
        Kernels kernels = Backends.installed().choose("cpu").open(2)) {
      Rwkv model = Rwkv.load(checkpoint, kernels, Progress.NONE);
      double loss = 0;
      long targets = 0;
      long right = 0;
      long two = 0;
      for (Example example : examples) {
        State state = model.state(1);
        Buffer logits = model.logits(1, 1);
        boolean[] hit = new boolean[example.tokens().length];
        for (int at = 0; at < hit.length; at++) {
          int[] token = {example.tokens()[at]};
          model.forward(logits, token, 1, state, Trace.OFF);
          float[] scores = logits.toArray();
          int target = example.targets()[at];
          if (target >= 0) {
            double sum = 0;
            boolean best = true;
            for (float score : scores) {
              sum += Math.exp(score);
              best &= scores[target] >= score;
            }
            loss += Math.log(sum) - scores[target];
            targets++;
            hit[at] = best;
          }
        }
        for (Example.Answer answer : example.answers()) {
          boolean all = true;
          for (int at = answer.from(); at < answer.to(); at++) {
            all &= hit[at];
          }
          right += all ? 1 : 0;
          two += answer.groups().equals(List.of("two")) && all ? 1 : 0;
        }
      }
      Evaluation found = Evaluation.of(model, model.initial(), examples, Progress.NONE);
      assertEquals(targets, found.targets());
      assertEquals(loss / targets, found.loss(), 1e-6);
      assertEquals(right, found.total().right());
      assertEquals(two, found.groups().get("two").right());
      assertEquals(
          found.total().of(), found.groups().get("one").of() + found.groups().get("two").of());
      String csv = found.csv();
      assertTrue(csv.startsWith("group,right,of,accuracy\nloss,,"), csv);
      List<Integer> lengths =
          found.groups().keySet().stream()
              .filter(name -> name.startsWith("length "))
              .map(name -> Integer.valueOf(name.substring("length ".length())))
              .toList();
      assertEquals(lengths.stream().sorted().toList(), lengths);
    }
  }
}
