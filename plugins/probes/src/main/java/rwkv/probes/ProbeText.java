package rwkv.probes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import rwkv.engine.backend.Buffer;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Rwkv;
import rwkv.engine.model.State;
import rwkv.engine.sampling.Sampler;
import rwkv.engine.sampling.SamplerSettings;
import rwkv.engine.setting.Setting;
import rwkv.engine.trace.Trace;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeException;

/** The text that a probe reads: a file, or what the model writes itself. */
final class ProbeText {

  /** The parameter of every probe that reads a text. */
  static final Setting SETTING =
      Setting.text(
          "text", "", List.of(), "a text file to read; without one, what the model writes itself");

  /** No token of any vocabulary stands for more characters. */
  private static final long CHARACTERS_PER_TOKEN = 256;

  /** Texts written side by side, at most, and how long one is where there are several. */
  private static final int DOCUMENTS = 16;

  private static final int DOCUMENT = 512;

  private ProbeText() {}

  /**
   * The tokens of the file that the parameter names, or of a text that the model draws from what it
   * predicts.
   *
   * @param tokens how many; a file may have fewer
   * @throws ProbeException if the file cannot be read or written in the model's vocabulary
   */
  static int[] of(ProbeContext context, int tokens, Progress progress) {
    String file = context.parameters().text(SETTING.name()).strip();
    int[] text =
        file.isEmpty() ? written(context, tokens, progress) : ofFile(context, file, tokens);
    progress.at(1);
    return text;
  }

  /**
   * Windows of a text, evenly spread over it; they overlap where it is short.
   *
   * @param length in tokens
   * @throws ProbeException as {@link #of}, and if the file is shorter than a window
   */
  static int[][] windows(ProbeContext context, int count, int length, Progress progress) {
    int[] text = of(context, Math.multiplyExact(count, length), progress);
    if (text.length < length) {
      throw new ProbeException(
          "the text has %d tokens, expected at least %d".formatted(text.length, length));
    }
    int[][] windows = new int[count][];
    for (int i = 0; i < count; i++) {
      int from = count == 1 ? 0 : (int) ((long) i * (text.length - length) / (count - 1));
      windows[i] = Arrays.copyOfRange(text, from, from + length);
    }
    return windows;
  }

  /** The tokens of a text in the model's vocabulary. */
  static int[] encoded(ProbeContext context, String text) {
    int[] tokens;
    try {
      tokens = context.tokenizer().encode(text);
    } catch (IllegalArgumentException e) {
      throw new ProbeException("the text cannot be read: " + e.getMessage(), e);
    }
    int vocabulary = context.model().spec().vocabulary();
    for (int token : tokens) {
      if (token >= vocabulary) {
        throw new ProbeException(
            "the tokenizer gives token %d, the model knows 0 to %d"
                .formatted(token, vocabulary - 1));
      }
    }
    return tokens;
  }

  private static int[] ofFile(ProbeContext context, String file, int tokens) {
    String text;
    try {
      text = Files.readString(Path.of(file));
    } catch (IOException | InvalidPathException e) {
      throw new ProbeException("the text %s cannot be read: %s".formatted(file, e), e);
    }
    int end = (int) Math.min(text.length(), tokens * CHARACTERS_PER_TOKEN);
    int[] all = encoded(context, text.substring(0, end));
    return Arrays.copyOf(all, Math.min(all.length, tokens));
  }

  /** Texts that begin with what ends a text, one after the other. */
  private static int[] written(ProbeContext context, int tokens, Progress progress) {
    Rwkv model = context.model();
    int batch = Math.clamp((tokens + DOCUMENT - 1L) / DOCUMENT, 1, DOCUMENTS);
    int length = (tokens + batch - 1) / batch;
    RandomGenerator random = context.random("text");
    Sampler[] samplers = new Sampler[batch];
    Arrays.setAll(samplers, _ -> new Sampler(plain(random.nextLong())));
    State state = model.state(batch);
    Buffer logits = model.logits(batch, 1);
    float[] row = new float[logits.channels()];
    int[] next = new int[batch];
    int end = context.tokenizer().endOfText();
    Arrays.fill(next, end >= 0 && end < row.length ? end : 0);
    int[] text = new int[tokens];
    for (int t = 0; t < length; t++) {
      for (int b = 0; b < batch; b++) {
        if (b * length + t < tokens) {
          text[b * length + t] = next[b];
        }
      }
      model.forward(logits, next, 1, state, Trace.OFF);
      for (int b = 0; b < batch; b++) {
        logits.read(b * row.length, row, 0, row.length);
        next[b] = samplers[b].next(row, t);
      }
      progress.at((t + 1.0) / length);
    }
    return text;
  }

  /** Draws from what the model predicts, unchanged. */
  private static SamplerSettings plain(long seed) {
    return new SamplerSettings(1, 0, 1, 0, 0, 0, 1, Set.of(), seed);
  }
}
