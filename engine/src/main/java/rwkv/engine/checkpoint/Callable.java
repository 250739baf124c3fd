package rwkv.engine.checkpoint;

/**
 * The only functions a file may ask for. None of them is called: each is a name for something that
 * {@link PickleCalls} does with plain values.
 */
enum Callable implements PickleValue {
  ORDERED_DICT("collections.OrderedDict"),
  SIZE("torch.Size"),
  TENSOR("torch._utils._rebuild_tensor_v2"),
  PARAMETER("torch._utils._rebuild_parameter"),
  PARAMETER_WITH_STATE("torch._utils._rebuild_parameter_with_state");

  private final String global;

  Callable(String global) {
    this.global = global;
  }

  /** Module and name, as in {@code torch._utils._rebuild_tensor_v2}. */
  String global() {
    return global;
  }

  @Override
  public String kind() {
    return "the function " + global;
  }
}
