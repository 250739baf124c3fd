package rwkv.engine.model;

import rwkv.engine.backend.Buffer;

/**
 * What a pass reads.
 *
 * @param tokens {@code [batch, time]}, row-major
 * @param embedded LN₀(emb[token]) of each, {@code [batch, time, channels]}
 */
record Reading(int[] tokens, Buffer embedded) {

  int batch() {
    return embedded.batch();
  }

  int time() {
    return embedded.time();
  }
}
