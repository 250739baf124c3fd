package rwkv.engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.engine.Compare;
import rwkv.engine.ReferenceData;
import rwkv.engine.backend.Backends;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.model.Rwkv;
import rwkv.engine.tensor.Tensor;
import rwkv.engine.trace.Trace;
import rwkv.engine.train.task.Batch;

/** Whole models of every version must give the gradients that automatic differentiation gives. */
class TinyTrainingTest {

  private static final TrainingPlan PLAN =
      new TrainingPlan(
          1000,
          0,
          1e-3,
          1e-3,
          0.9,
          0.99,
          1e-18,
          0.1,
          1,
          1e-4,
          TrainingPlan.Numbers.F32,
          TrainingPlan.Trained.ALL);

  private static Map<String, Tensor> tensors(Checkpoint file, String prefix) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    file.tensors()
        .forEach((name, tensor) -> {
          if (name.startsWith(prefix)) {
            String official = name.substring(prefix.length());
            tensors.put(official, Tensor.of(official, tensor.shape(), tensor.toFloats()));
          }
        });
    return tensors;
  }

  private static Batch batch(Checkpoint file) {
    int[] tokens = Compare.ints(file.tensors().get("in.idx"));
    int[] targets = Compare.ints(file.tensors().get("in.targets"));
    return new Batch(2, 16, tokens, targets, false);
  }

  private static Checkpoint open(int version) {
    Path file = ReferenceData.require("grad/tiny_rwkv" + version + "_train.f64.safetensors");
    return Checkpoints.open(file);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6, 7})
  void everyParameterGetsTheGradientOfTheReference(int version) {
    try (Checkpoint file = open(version);
        Kernels kernels = Backends.installed().choose("cpu").open(2)) {
      Parameters parameters = Parameters.of(tensors(file, "param."), kernels);
      Tape tape = new Tape(kernels, parameters);
      Rwkv model = tape.load(Path.of("tiny"));
      Batch batch = batch(file);
      tape.begin();
      Buffer logits = model.logits(2, 16);
      model.forward(logits, batch.tokens(), 16, model.state(2), Trace.OFF);
      Compare.close(
          "logits", file.tensors().get("out.logits").toFloats(), logits.toArray(), 1e-5, 1e-5);
      Buffer gradient = kernels.buffer(2, 16, model.spec().vocabulary());
      double loss =
          tape.gradients()
              .crossEntropy(gradient, tape.numbers(logits), batch.targets(), 1, PLAN.l2wrap());
      assertEquals(file.tensors().get("out.loss1").get(0), loss, 1e-5);
      tape.backward(logits, gradient);
      int compared = 0;
      for (Parameter parameter : parameters.all()) {
        float[] expected = file.tensors().get("grad." + parameter.name()).toFloats();
        Compare.close(parameter.name(), expected, parameter.gradient().toArray(), 2e-6, 1e-4);
        compared++;
      }
      assertTrue(compared > 40, "compared only " + compared);
    }
  }

  /** An element's first steps are as large as the rate whatever its gradient: small ones differ. */
  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6, 7})
  void threeStepsGiveTheLossesAndParametersOfTheReference(int version) {
    try (Checkpoint file = open(version);
        Kernels kernels = Backends.installed().choose("cpu").open(1)) {
      Trainer trainer = Trainer.start(PLAN, tensors(file, "param."), kernels);
      for (int step = 1; step <= 3; step++) {
        StepReport report = trainer.step(batch(file));
        assertEquals(file.tensors().get("out.loss" + step).get(0), report.loss(), 1e-4);
        if (step == 1) {
          double norm = file.tensors().get("out.grad_norm").get(0);
          assertEquals(norm, report.gradientNorm(), 1e-4 * norm);
        }
      }
      Map<String, Tensor> after = trainer.tensors();
      for (Map.Entry<String, Tensor> e : tensors(file, "after3.").entrySet()) {
        float[] expected = e.getValue().toFloats();
        float[] found = after.get(e.getKey()).toFloats();
        double far = 0;
        for (int i = 0; i < found.length; i++) {
          far += Math.abs(found[i] - expected[i]) / found.length;
        }
        assertTrue(far < 3e-5, e.getKey() + " is " + far + " away on average");
      }
    }
  }
}
