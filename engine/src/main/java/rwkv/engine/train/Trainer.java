package rwkv.engine.train;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Gradients;
import rwkv.engine.backend.Kernels;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.checkpoint.SafetensorsWriter;
import rwkv.engine.model.Rwkv;
import rwkv.engine.model.State;
import rwkv.engine.model.StatePart;
import rwkv.engine.model.StateSnapshot;
import rwkv.engine.model.Version;
import rwkv.engine.tensor.Tensor;
import rwkv.engine.trace.Trace;
import rwkv.engine.train.task.Batch;

/**
 * Trains a model: forward and backward pass over a {@link Tape}, clipping, and a step of AdamW. The
 * same plan, parameters and batches on the same kernels give the same numbers to the bit, and a
 * training that was saved and resumed goes on as if it had not stopped.
 *
 * <p>Used by one thread at a time. The kernels outlive it.
 */
public final class Trainer {

  private static final String STEPS = "steps";
  private static final String TOKENS = "tokens";
  private static final String SEQUENCES = "sequences";
  private static final Path NAME = Path.of("model in training");

  private final TrainingPlan plan;
  private final Kernels kernels;
  private final Gradients gradients;
  private final Parameters weights;
  private final @Nullable Parameters states;
  private final Tape tape;
  private final Rwkv model;
  private final AdamW optimiser;
  private @Nullable State state;
  private @Nullable Room room;
  private long steps;
  private long tokens;

  /** Room for logits and their gradient. */
  private record Room(Buffer logits, Buffer gradient) {}

  private Trainer(TrainingPlan plan, Map<String, Tensor> tensors, Kernels kernels) {
    this.plan = plan;
    this.kernels = kernels;
    Parameters all = Parameters.of(tensors, kernels);
    boolean onlyState = plan.trained() == TrainingPlan.Trained.STATE;
    this.weights = onlyState ? all.frozen() : all;
    this.tape = new Tape(kernels, weights);
    this.gradients = tape.gradients();
    this.model = tape.load(NAME);
    this.states = onlyState ? InitialStates.zeros(model.spec(), kernels) : null;
    this.optimiser =
        new AdamW(
            plan, model.spec().version(), states == null ? weights : states, kernels, gradients);
  }

  /**
   * Begins a training.
   *
   * @param tensors of an official checkpoint, by name; copied
   * @throws CheckpointException if they do not make a model
   * @throws IllegalArgumentException if the model or these kernels cannot be trained so
   */
  public static Trainer start(TrainingPlan plan, Map<String, Tensor> tensors, Kernels kernels) {
    return new Trainer(plan, tensors, kernels);
  }

  /**
   * Goes on with a training that was saved.
   *
   * @throws CheckpointException if the file is no saved training, or damaged
   */
  public static Trainer resume(Path file, Kernels kernels) {
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      SavedTensors saved = new SavedTensors(checkpoint);
      TrainingPlan plan = SavedPlan.read(saved);
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      String prefix = "model.";
      checkpoint
          .tensors()
          .forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
              String official = name.substring(prefix.length());
              tensors.put(official, tensor.named(official));
            }
          });
      Trainer trainer = new Trainer(plan, tensors, kernels);
      trainer.load(saved);
      return trainer;
    }
  }

  private void load(SavedTensors saved) {
    optimiser.load(saved);
    steps = saved.number(STEPS);
    tokens = saved.number(TOKENS);
    long sequences = saved.number(SEQUENCES);
    if (sequences > Short.MAX_VALUE) {
      throw saved.problem("metadata %s is %d".formatted(SEQUENCES, sequences));
    }
    if (sequences > 0) {
      State carried = state((int) sequences);
      for (int sequence = 0; sequence < sequences; sequence++) {
        carried.restore(sequence, snapshot(saved, sequence));
      }
    }
  }

  private StateSnapshot snapshot(SavedTensors saved, int sequence) {
    StateSnapshot snapshot = StateSnapshot.start(model.spec());
    for (int layer = 0; layer < model.spec().layers(); layer++) {
      for (int p = 0; p < model.spec().stateParts().size(); p++) {
        StatePart part = model.spec().stateParts().get(p);
        Tensor tensor = saved.get(carried(sequence, layer, part), part.shape());
        snapshot = snapshot.with(layer, p, tensor.toFloats());
      }
    }
    return snapshot;
  }

  private static String carried(int sequence, int layer, StatePart part) {
    return "carried." + sequence + "." + layer + "." + part.name();
  }

  /** Saves all that it takes to go on; the file is replaced only when all is written. */
  public void save(Path file) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    weights.tensors().forEach((name, t) -> tensors.put("model." + name, t.named("model." + name)));
    optimiser.save(tensors);
    Map<String, String> lines = new LinkedHashMap<>(SavedPlan.lines(plan));
    lines.put(STEPS, String.valueOf(steps));
    lines.put(TOKENS, String.valueOf(tokens));
    lines.put(SEQUENCES, String.valueOf(state == null ? 0 : state.batch()));
    if (state != null) {
      for (int sequence = 0; sequence < state.batch(); sequence++) {
        StateSnapshot snapshot = state.snapshot(sequence);
        for (int layer = 0; layer < snapshot.layers(); layer++) {
          for (int p = 0; p < snapshot.parts().size(); p++) {
            StatePart part = snapshot.parts().get(p);
            String name = carried(sequence, layer, part);
            tensors.put(name, Tensor.of(name, part.shape(), snapshot.values(layer, p)));
          }
        }
      }
    }
    SafetensorsWriter.write(file, tensors.values(), lines);
  }

  public TrainingPlan plan() {
    return plan;
  }

  /** Steps taken so far. */
  public long steps() {
    return steps;
  }

  /** Tokens learnt from so far, each as often as it was. */
  public long tokens() {
    return tokens;
  }

  /** Bytes of what a step holds on to beside the parameters: linear in its tokens. */
  public long activationBytes() {
    return tape.bytes();
  }

  /** The model as it is now, to be asked, not trained, until the next step. */
  public Rwkv model() {
    tape.rest();
    return model;
  }

  /** The state before the first token: the tuned one, where that is what is trained. */
  public StateSnapshot initial() {
    return states == null ? model.initial() : InitialStates.snapshot(model.spec(), states);
  }

  /** Copies of the parameters in f32, by official name; what was frozen among them. */
  public Map<String, Tensor> tensors() {
    return weights.tensors();
  }

  /**
   * Learns from some batches, whose gradients are averaged.
   *
   * @throws IllegalArgumentException if a token is not in the vocabulary, or there is no batch
   */
  public StepReport step(Batch... batches) {
    if (batches.length == 0) {
      throw new IllegalArgumentException("a step needs at least one batch");
    }
    double loss = 0;
    for (Batch batch : batches) {
      loss += pass(batch, 1.0 / batches.length) / batches.length;
      tokens += (long) batch.sequences() * batch.time();
    }
    Map<String, Double> norms = optimiser.norms();
    double norm = Math.sqrt(norms.values().stream().mapToDouble(n -> n * n).sum());
    double rate = plan.rateAt(steps, model.spec().version() == Version.V4 ? 0.2 : 0.01);
    boolean taken = Double.isFinite(loss) && Double.isFinite(norm);
    if (taken) {
      optimiser.step(norm, steps, rate);
    } else {
      optimiser.clear();
    }
    steps++;
    return new StepReport(steps, tokens, loss, norm, norms, rate, taken);
  }

  /** Forward and backward pass over a batch; the loss. */
  private double pass(Batch batch, double scale) {
    State before = begin(batch);
    Room r = room(batch.sequences(), batch.time());
    model.forward(r.logits, batch.tokens(), batch.time(), before, Trace.OFF);
    double loss =
        gradients.crossEntropy(
            r.gradient,
            tape.numbers(r.logits),
            batch.targets(),
            batch.weights(),
            scale,
            plan.l2wrap());
    tape.backward(r.logits, r.gradient);
    return loss;
  }

  /** The states before a batch: those that the last one left, where it is carried on. */
  private State begin(Batch batch) {
    State left = state;
    tape.begin();
    if (batch.carried() && left != null && left.batch() == batch.sequences()) {
      return left;
    }
    State before = state(batch.sequences());
    for (int sequence = 0; sequence < before.batch(); sequence++) {
      before.restore(sequence, model.initial());
    }
    if (states != null) {
      InitialStates.spread(model.spec(), states, before, tape);
    }
    return before;
  }

  private State state(int sequences) {
    State there = state;
    if (there == null || there.batch() != sequences) {
      there = model.state(sequences);
      state = there;
    }
    return there;
  }

  private Room room(int sequences, int time) {
    Room there = room;
    if (there == null || there.logits.batch() != sequences || there.logits.time() != time) {
      int vocabulary = model.spec().vocabulary();
      there = new Room(model.logits(sequences, time), kernels.buffer(sequences, time, vocabulary));
      room = there;
    }
    return there;
  }
}
