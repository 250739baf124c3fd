package rwkv.app.decaylab;

import java.util.Arrays;
import java.util.stream.IntStream;
import rwkv.app.generate.GenerateViewModel;
import rwkv.app.generate.Transcript;
import rwkv.engine.sampling.SamplerSettings;
import rwkv.plugin.Tokenizer;

/** The text that a person is working with, and its tokens. */
final class LabText {

  private final GenerateViewModel generate;

  LabText(GenerateViewModel generate) {
    this.generate = generate;
  }

  /** What was read before the model wrote, or what is typed in the prompt. */
  String prompt() {
    Transcript transcript = generate.transcript();
    int end = 0;
    for (int i = 0; i < transcript.size() && !transcript.get(i).token().drawn(); i++) {
      end = transcript.get(i).end();
    }
    return end == 0 ? generate.promptProperty().get() : transcript.text(0, end);
  }

  /**
   * The tokens that have been read and written, or, before that, those of the prompt.
   *
   * @throws IllegalArgumentException as {@link #tokens}
   */
  int[] current(int vocabulary) {
    Transcript transcript = generate.transcript();
    return transcript.size() == 0
        ? tokens(prompt(), vocabulary)
        : IntStream.range(0, transcript.size())
            .map(i -> transcript.get(i).token().token())
            .toArray();
  }

  /** How tokens are drawn, and how many at most. */
  SamplerSettings sampler() {
    return generate.sampler().settingsProperty().get();
  }

  /**
   * The tokenizer of the open model.
   *
   * @throws IllegalArgumentException without one
   */
  Tokenizer tokenizer() {
    Tokenizer known = generate.tokenizer();
    if (known == null) {
      throw new IllegalArgumentException(
          "no tokenizer suits this model; choose a vocabulary file in the model card");
    }
    return known;
  }

  /**
   * The tokens of a text.
   *
   * @throws IllegalArgumentException if there are none, or the model does not know them
   */
  int[] tokens(String text, int vocabulary) {
    int[] tokens = tokenizer().encode(text);
    if (tokens.length == 0) {
      throw new IllegalArgumentException("there is no text to read; type a prompt first");
    }
    int largest = Arrays.stream(tokens).max().orElse(0);
    if (largest >= vocabulary) {
      throw new IllegalArgumentException(
          "the tokenizer gives token %d, but the model knows only %d"
              .formatted(largest, vocabulary));
    }
    return tokens;
  }
}
