package rwkv.app.plugins;

import rwkv.plugin.Probe;
import rwkv.plugin.TokenizerProvider;

/** What a plugin may offer. */
public enum PluginKind {
  PROBE("probe", Probe.class),
  TOKENIZER("tokenizer", TokenizerProvider.class);

  private final String word;
  private final Class<?> service;

  PluginKind(String word, Class<?> service) {
    this.word = word;
    this.service = service;
  }

  /** As in {@code probe}. */
  public String word() {
    return word;
  }

  /** The entry of a jar that names the classes. */
  String entry() {
    return "META-INF/services/" + service.getName();
  }
}
