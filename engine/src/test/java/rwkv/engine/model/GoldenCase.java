package rwkv.engine.model;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import rwkv.engine.ReferenceData;
import rwkv.engine.check.GoldenModel;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Session;

/**
 * A reference model and the kernels to run it with.
 *
 * @param backend the kernels' id
 */
record GoldenCase(GoldenModel golden, String backend) {

  private static final List<String> BACKENDS = List.of("reference", "cpu");

  /** Every official model with every kind of kernels. */
  static Stream<GoldenCase> all() {
    return on(GoldenModel.official());
  }

  /** These models with every kind of kernels. */
  static Stream<GoldenCase> on(List<GoldenModel> models) {
    List<GoldenCase> all = new ArrayList<>();
    for (String backend : BACKENDS) {
      models.forEach(model -> all.add(new GoldenCase(model, backend)));
    }
    return all.stream();
  }

  /** The tensor of the expected logits. */
  String logits() {
    return golden.logits();
  }

  /** Whether the vectors hold more than logits that belong to this case. */
  boolean hasStates() {
    return golden.hasStates();
  }

  /** Opens the model; skips the test where there is none. */
  Engine open() {
    return Engine.open(
        ReferenceData.require(golden.model()), backend, 2, golden.options(), Progress.NONE);
  }

  Checkpoint openVectors() {
    return Checkpoints.open(ReferenceData.require(golden.vectorsFile()));
  }

  /** A session in the state that the case starts from. */
  Session start(Engine engine) {
    Session session = engine.session();
    if (!golden.initial().isEmpty()) {
      session.initial(
          StateFile.load(ReferenceData.require(golden.initial()), engine.spec()).state());
      session.reset();
    }
    return session;
  }

  /** Numbers of tokens to read at once; fewer of them with kernels that are slow. */
  int[] chunks(int tokens) {
    return backend.equals("reference") ? new int[] {7} : new int[] {tokens, 1, 5, 7, 16};
  }

  @Override
  public String toString() {
    return golden + " on " + backend;
  }
}
