package rwkv.engine.convert;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rwkv.engine.checkpoint.GgufValue;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.naming.LlamaArchitecture;
import rwkv.engine.tensor.DType;

/** The metadata that llama.cpp requires of a model. */
final class GgufHeader {

  /** What llama.cpp's converter writes: there is no limit. */
  /**
   * How World models were taught to talk, for programs that read it as a Jinja template; those that
   * know templates by name find the name in its comment.
   */
  private static final String CHAT_TEMPLATE =
      "{#- rwkv-world -#}{{ bos_token }}"
          + "{% for message in messages %}"
          + "{% if message['role'] == 'system' %}"
          + "{{ 'System: ' + message['content']|trim + '\\n\\n' }}"
          + "{% elif message['role'] == 'user' %}"
          + "{{ 'User: ' + message['content']|trim + '\\n\\n' }}"
          + "{% elif message['role'] == 'assistant' %}"
          + "{{ 'Assistant: ' + message['content']|trim + '\\n\\n' }}"
          + "{% endif %}{% endfor %}"
          + "{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}";

  private static final int CONTEXT = 1 << 20;

  private static final float LAYER_NORM_EPS = 1e-5f;
  private static final int QUANTISATION_VERSION = 2;
  private static final int END_OF_TEXT = 0;
  private static final int END_OF_TURN = 261;

  private final Map<String, GgufValue> entries = new LinkedHashMap<>();
  private final String architecture;

  private GgufHeader(LlamaArchitecture architecture) {
    this.architecture = architecture.id();
  }

  /**
   * @param name of the model, for a person
   * @param mostly the type that matrices were wanted in
   */
  static Map<String, GgufValue> of(
      LlamaArchitecture architecture,
      String name,
      ModelSpec spec,
      DType mostly,
      GgufVocabulary vocabulary) {
    GgufHeader header = new GgufHeader(architecture);
    header.text("general.architecture", architecture.id());
    header.text("general.type", "model");
    header.text("general.name", name);
    header.number("general.file_type", GgufTypes.fileType(mostly));
    header.number("general.quantization_version", QUANTISATION_VERSION);
    header.sizes(spec);
    if (architecture == LlamaArchitecture.RWKV6) {
      // llama.cpp's residual is F32 and needs no halving.
      header.own("rescale_every_n_layers", 0);
      header.own("time_mix_extra_dim", spec.ranks().getOrDefault("mix", 0));
      header.own("time_decay_extra_dim", spec.ranks().getOrDefault("w", 0));
    } else {
      int rate = spec.ranks().getOrDefault("a", 0);
      header.own("attention.decay_lora_rank", spec.ranks().getOrDefault("w", 0));
      header.own("attention.iclr_lora_rank", rate);
      header.own("attention.value_residual_mix_lora_rank", spec.ranks().getOrDefault("v", rate));
      header.own("attention.gate_lora_rank", spec.ranks().getOrDefault("g", 0));
    }
    header.vocabulary(vocabulary);
    return header.entries;
  }

  private void sizes(ModelSpec spec) {
    own("context_length", CONTEXT);
    own("embedding_length", spec.channels());
    own("block_count", spec.layers());
    own("feed_forward_length", spec.ffnChannels());
    own("wkv.head_size", spec.headSize());
    // Required, and used by nothing.
    own("attention.head_count", 0);
    entries.put(architecture + ".attention.layer_norm_epsilon", new GgufValue.F32(LAYER_NORM_EPS));
  }

  private void vocabulary(GgufVocabulary vocabulary) {
    text("tokenizer.ggml.model", "rwkv");
    entries.put("tokenizer.ggml.tokens", new GgufValue.Texts(vocabulary.tokens()));
    List<Integer> kinds = vocabulary.kinds();
    entries.put("tokenizer.ggml.token_type", new GgufValue.I32s(kinds));
    number("tokenizer.ggml.bos_token_id", END_OF_TEXT);
    number("tokenizer.ggml.eos_token_id", END_OF_TEXT);
    if (vocabulary.isWorld()) {
      number("tokenizer.ggml.eot_token_id", END_OF_TURN);
      text("tokenizer.chat_template", CHAT_TEMPLATE);
    }
  }

  private void own(String key, int value) {
    number(architecture + "." + key, value);
  }

  private void number(String key, int value) {
    entries.put(key, new GgufValue.U32(value));
  }

  private void text(String key, String value) {
    entries.put(key, new GgufValue.Text(value));
  }
}
