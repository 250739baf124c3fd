package rwkv.app.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.checkpoint.SafetensorsWriter;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.StateFile;
import rwkv.engine.model.StateSnapshot;
import rwkv.engine.session.Session;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/**
 * A state to go on from. Beside the state, files that these commands write hold the logits after
 * its last token: without them the next token could not be drawn before another one is read.
 *
 * @param tokens in the state
 * @param logits after the last of them; null if the file holds none
 */
record SavedState(StateSnapshot state, int tokens, float @Nullable [] logits) {

  /** The tensor of logits, {@code [positions, vocabulary]}; the last row counts. */
  static final String LOGITS = "logits";

  /**
   * Reads a state for a model.
   *
   * @throws rwkv.engine.checkpoint.CheckpointException if it is none, or of a model of another
   *     shape
   */
  static SavedState load(Path file, ModelSpec spec) {
    StateFile.Loaded loaded = StateFile.load(file, spec);
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      Tensor logits = checkpoint.tensors().get(LOGITS);
      return new SavedState(
          loaded.state(), loaded.tokens(), logits == null ? null : lastRow(logits, spec));
    }
  }

  private static float @Nullable [] lastRow(Tensor logits, ModelSpec spec) {
    int vocabulary = spec.vocabulary();
    boolean fits =
        logits.dtype() == DType.F32
            && logits.shape().rank() == 2
            && logits.shape().size(0) > 0
            && logits.shape().size(1) == vocabulary;
    if (!fits) {
      return null;
    }
    float[] row = new float[vocabulary];
    long from = logits.count() - vocabulary;
    for (int i = 0; i < vocabulary; i++) {
      row[i] = (float) logits.get(from + i);
    }
    return row;
  }

  /** Puts a session there. */
  void restore(Session session) {
    session.restore(state, tokens);
    if (logits != null) {
      System.arraycopy(logits, 0, session.logits(), 0, logits.length);
    }
  }

  /** Saves where a session stands; replaces the file only when all is written. */
  static void save(Path file, Session session) {
    int tokens = session.position();
    List<Tensor> tensors = new ArrayList<>(StateFile.tensors(session.snapshot(), tokens));
    tensors.add(Tensor.of(LOGITS, Shape.of(1, session.logits().length), session.logits()));
    SafetensorsWriter.write(file, tensors, Map.of("tokens", String.valueOf(tokens)));
  }
}
