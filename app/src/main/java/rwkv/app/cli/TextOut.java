package rwkv.app.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import rwkv.plugin.StreamingDecoder;

/** Text that is shown while it is made: whole characters only, each as soon as it is complete. */
final class TextOut {

  private final PrintStream out;
  private final StreamingDecoder decoder = new StreamingDecoder();
  private boolean lineOpen;

  TextOut(PrintStream out) {
    this.out = out;
  }

  /**
   * Shows some text.
   *
   * @return false if nobody reads any more
   */
  boolean add(String text) {
    if (!text.isEmpty()) {
      out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
      lineOpen = !text.endsWith("\n");
    }
    // A stream of bytes into a pipe tells of a closed reader only here; this also flushes.
    return !out.checkError();
  }

  /**
   * Shows what a token's bytes complete.
   *
   * @return false if nobody reads any more
   */
  boolean add(byte[] token) {
    return add(decoder.add(token));
  }

  /** Ends the text, and its last line. */
  void finish() {
    add(decoder.finish());
    if (lineOpen) {
      add("\n");
    }
  }
}
