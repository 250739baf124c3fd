package rwkv.engine.model;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import rwkv.engine.ReferenceData;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Session;

/**
 * A reference model and the numbers that it must give.
 *
 * @param model its file in the reference data
 * @param vectors the file of the numbers, without {@code .vectors.safetensors}
 * @param initial the file of the state it starts from, or ""
 * @param logits the tensor of the expected logits
 * @param options to load it with
 * @param backend the kernels to run it with
 */
record GoldenCase(
    String model,
    String vectors,
    String initial,
    String logits,
    LoadOptions options,
    String backend) {

  private static final List<String> BACKENDS = List.of("reference", "cpu");

  /** The expected logits of vectors that hold states, intermediates and greedy tokens too. */
  static final String LOGITS = "logits";

  /** A model under the name of its vectors. */
  private static GoldenCase of(String name, String extension) {
    return new GoldenCase(name + extension, name, "", LOGITS, LoadOptions.OFFICIAL, "");
  }

  private static GoldenCase started(String model, String vectors, String initial) {
    return new GoldenCase(model, vectors, initial, LOGITS, LoadOptions.OFFICIAL, "");
  }

  /** An RWKV-5 with the group norm's epsilon that rwkv.cpp takes. */
  private static GoldenCase otherEpsilon(String name, String extension) {
    LoadOptions options = LoadOptions.groupNormEps(1e-5f);
    return new GoldenCase(name + extension, name, "", "logits_ln_x_eps_1e-5", options, "");
  }

  private static final List<GoldenCase> CASES =
      List.of(
          of("v4/v4-c128-l2-v256-bf16", ".pth"),
          of("v4/v4-c96-l2-v300-fp16", ".pth"),
          of("v4/v4-c80-l2-v300-fp32", ".pth"),
          of("tiny/tiny-rwkv-4v0-660K-fp32", ".pth"),
          of("v5.0/v5.0-c128-l2-v256-bf16", ".pth"),
          of("v5.0/v5.0r2-c128-l2-v256-faaaa-bf16", ".pth"),
          of("v5.1/v5.1-c192-l2-v256-bf16", ".pth"),
          of("v5.2/v5.2-c128-l2-v256-bf16", ".pth"),
          of("v5.2/v5.2-c128-l2-v300-fp32", ".pth"),
          of("tiny/tiny-rwkv-5v1-730K-fp32", ".pth"),
          otherEpsilon("tiny/tiny-rwkv-5v1-730K-fp32", ".pth"),
          of("tiny/tiny-rwkv-5v2-730K-fp32", ".pth"),
          otherEpsilon("tiny/tiny-rwkv-5v2-730K-fp32", ".pth"),
          of("tiny/tiny-rwkv-5v2-730K-fp16", ".safetensors"),
          otherEpsilon("tiny/tiny-rwkv-5v2-730K-fp16", ".safetensors"),
          of("v6/v6-c128-l2-v256-bf16", ".pth"),
          of("v6/v6-c128-l2-v300-ranks-fp32", ".pth"),
          started(
              "v6/v6-c128-l2-v256-bf16.pth",
              "v6/v6-c128-l2-v256-with-timestate-bf16",
              "v6/v6-c128-l2.timestate-fp32.pth"),
          of("tiny/tiny-rwkv-6v0-3m-from-Q5_1-fp16", ".pth"),
          of("v7/v7-c128-l3-v256-bf16", ".pth"),
          of("v7/v7-c128-l3-v256-bf16", ".safetensors"),
          started(
              "v7/v7-c128-l3-v256-bf16.pth",
              "v7/v7-c128-l3-v256-with-timestate-bf16",
              "v7/v7-c128-l3.timestate-fp32.pth"),
          of("v7/v7-c128-l2-v300-ranks-fp32", ".pth"),
          of("v7/v7-world-c64-l2-v65536-views-bf16", ".pth"),
          of("v7a/v7a-c128-l2-v64-bf16", ".pth"),
          of("v7b/v7b-c128-l2-v64-bf16", ".pth"),
          of("tiny/tiny-rwkv-7v0-834K-fp32", ".pth"),
          of("tiny/tiny-rwkv-7v0-834K-fp16", ".safetensors"));

  /** Every case with every kind of kernels. */
  static Stream<GoldenCase> all() {
    List<GoldenCase> all = new ArrayList<>();
    for (String backend : BACKENDS) {
      CASES.forEach(c -> all.add(c.on(backend)));
    }
    return all.stream();
  }

  private GoldenCase on(String backend) {
    return new GoldenCase(model, vectors, initial, logits, options, backend);
  }

  /** Whether the vectors hold more than logits that belong to this case. */
  boolean hasStates() {
    return logits.equals(LOGITS);
  }

  /** Opens the model; skips the test where there is none. */
  Engine open() {
    return Engine.open(ReferenceData.require(model), backend, 2, options, Progress.NONE);
  }

  Checkpoint openVectors() {
    return Checkpoints.open(ReferenceData.require(vectors + ".vectors.safetensors"));
  }

  /** A session in the state that the case starts from. */
  Session start(Engine engine) {
    Session session = engine.session();
    if (!initial.isEmpty()) {
      session.initial(StateFile.load(ReferenceData.require(initial), engine.spec()).state());
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
    return model
        + (initial.isEmpty() ? "" : " from " + initial)
        + (hasStates() ? "" : ", " + logits)
        + " on "
        + backend;
  }
}
