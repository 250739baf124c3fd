package rwkv.probes;

import java.util.List;
import rwkv.engine.setting.Setting;
import rwkv.plugin.Probe;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeResult;

/** What storing weights in fewer bits does, layer by layer. */
public final class PrecisionProbe implements Probe {

  @Override
  public String id() {
    return "precision";
  }

  @Override
  public String name() {
    return "Effect of precision";
  }

  @Override
  public String question() {
    return "Where in the model do weights of fewer bits change what it computes, and how much?";
  }

  @Override
  public String method() {
    return """
    The model's matrices are stored in each of the types and computed with as the numbers they \
    then are; the model as it is, computed in f32 from its own file, is what they are compared \
    with on the same text. Of every layer: the error of the residual after it, ‖x′ − x‖ / ‖x‖ \
    over all tokens; the divergence KL(p ‖ p′) of what the model's own head and last layer \
    norm would predict from it (logit lens, nostalgebraist 2020), at some tokens evenly spread \
    over the text; the error of the states ‖S′ − S‖ / ‖S‖ (Frobenius) of its heads after the \
    last token (of a version without WKV state, of what its token shift keeps). Of the whole \
    model: the divergence of the predictions, how often the likeliest token is the same, and the \
    loss. Rows that are not whole blocks of a type take another, as in GGUF files. All in nats.\
    """;
  }

  @Override
  public List<Setting> parameters() {
    return List.of(
        ProbeText.SETTING,
        Setting.text(
            "types",
            "bf16,f16,q8_0,q6_k,q5_k,q4_k,q4_0",
            List.of(),
            "types of weights, with commas between them"),
        Setting.whole("tokens", 256, 2, 1_000_000, "tokens of the text"),
        Setting.whole("lenses", 32, 0, 10_000, "tokens at which a lens is held, 0 for none"));
  }

  @Override
  public ProbeResult run(ProbeContext context) {
    return new Precisions(context).run();
  }
}
