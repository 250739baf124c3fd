package rwkv.app.plugins;

import java.io.Serial;

/** A plugin has failed and is to be set aside; the message says what it did, in a sentence. */
final class PluginFailure extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  PluginFailure(String message) {
    super(message);
  }
}
