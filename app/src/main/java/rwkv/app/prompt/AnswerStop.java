package rwkv.app.prompt;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import rwkv.engine.session.StopRule;
import rwkv.plugin.Tokenizer;

/**
 * Ends an answer at a stop token or a stop sequence, so that the state holds the answer alone. Of a
 * token that the answer ends inside, the part that belongs to it is read instead.
 */
public final class AnswerStop implements StopRule {

  private final Tokenizer tokenizer;
  private final Set<Integer> tokens;
  private final StopSequences sequences;
  private final ArrayDeque<Token> held = new ArrayDeque<>();

  private record Token(int id, byte[] bytes) {}

  /**
   * @param tokens that end an answer, beside the tokenizer's end of text
   * @param texts that end an answer
   */
  public AnswerStop(Tokenizer tokenizer, Set<Integer> tokens, Collection<String> texts) {
    this.tokenizer = tokenizer;
    this.tokens = Set.copyOf(tokens);
    this.sequences = new StopSequences(texts);
  }

  /** As a template says; nothing stops plain text. */
  public static StopRule of(PromptTemplate template, Tokenizer tokenizer) {
    return template.isPlain()
        ? StopRule.NONE
        : new AnswerStop(tokenizer, template.stopTokens(), template.stops());
  }

  @Override
  public Verdict next(int token) {
    if (token == tokenizer.endOfText() || tokens.contains(token)) {
      return new Verdict.Stops(1, new int[0]);
    }
    held.add(new Token(token, tokenizer.bytes(token)));
    if (sequences.add(held.getLast().bytes())) {
      return stops(sequences.surplus());
    }
    int bytes = sum();
    while (!held.isEmpty() && bytes - held.getFirst().bytes().length >= sequences.held()) {
      bytes -= held.removeFirst().bytes().length;
    }
    return new Verdict.GoesOn(held.size());
  }

  /** The bytes of the answer that have become certain since the last call. */
  public byte[] take() {
    return sequences.take();
  }

  /** The rest of an answer that has ended otherwise. */
  public byte[] takeAll() {
    return sequences.takeAll();
  }

  private Verdict stops(int surplus) {
    int bytes = sum();
    while (bytes - held.getFirst().bytes().length >= surplus) {
      bytes -= held.removeFirst().bytes().length;
    }
    Token first = held.getFirst();
    byte[] kept = Arrays.copyOf(first.bytes(), bytes - surplus);
    int[] instead = kept.length == 0 ? new int[0] : tokensOf(kept);
    // Half a token that cannot be written on its own stays as it was.
    return new Verdict.Stops(held.size(), instead == null ? new int[] {first.id()} : instead);
  }

  private int sum() {
    return held.stream().mapToInt(token -> token.bytes().length).sum();
  }

  private int @Nullable [] tokensOf(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return tokenizer.encode(text);
    } catch (CharacterCodingException | IllegalArgumentException e) {
      return null;
    }
  }
}
