package rwkv.app.prompt;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Looks for the first of several texts in a stream of bytes, wherever the stream is cut. Bytes that
 * may be the beginning of one are held back until that is known. It looks at bytes and not at
 * characters because a token may end inside a character; in UTF-8 the one is as good as the other.
 * For one stream; not thread-safe.
 */
public final class StopSequences {

  private final List<byte[]> sequences;
  private final ByteArrayOutputStream certain = new ByteArrayOutputStream();
  private byte[] held = {};
  private byte[] found = {};
  private int behind;

  /**
   * @param texts that end the stream, whichever is complete first, the longest if several are
   * @throws IllegalArgumentException if one is empty
   */
  public StopSequences(Collection<String> texts) {
    sequences = texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
    if (sequences.stream().anyMatch(sequence -> sequence.length == 0)) {
      throw new IllegalArgumentException("a stop sequence is empty");
    }
  }

  /**
   * Takes further bytes; none after the end.
   *
   * @return whether the stream has ended
   */
  public boolean add(byte[] bytes) {
    if (hasEnded()) {
      throw new IllegalStateException("the stream has ended");
    }
    byte[] open = Arrays.copyOf(held, held.length + bytes.length);
    System.arraycopy(bytes, 0, open, held.length, bytes.length);
    for (int end = held.length + 1; end <= open.length; end++) {
      found = longestAt(open, end);
      if (hasEnded()) {
        certain.write(open, 0, end - found.length);
        behind = open.length - end;
        held = new byte[0];
        return true;
      }
    }
    int wait = beginning(open);
    certain.write(open, 0, open.length - wait);
    held = Arrays.copyOfRange(open, open.length - wait, open.length);
    return false;
  }

  /** Whether one of the texts has come. */
  public boolean hasEnded() {
    return found.length > 0;
  }

  /** The text that has come, or empty. */
  public String found() {
    return new String(found, StandardCharsets.UTF_8);
  }

  /** How many of the last bytes do not count: those of the text that has come and all after. */
  public int surplus() {
    return found.length + behind;
  }

  /** How many of the last bytes are held back. */
  public int held() {
    return held.length;
  }

  /** The bytes that have become certain since the last call. */
  public byte[] take() {
    byte[] bytes = certain.toByteArray();
    certain.reset();
    return bytes;
  }

  /** The same when nothing more comes: what is held back is text after all. */
  public byte[] takeAll() {
    certain.writeBytes(held);
    held = new byte[0];
    return take();
  }

  /** How many of a text's last characters may be the beginning of a stop sequence. */
  public static int heldAtEnd(CharSequence text, Collection<String> sequences) {
    int most = 0;
    for (String sequence : sequences) {
      int length = Math.min(sequence.length() - 1, text.length());
      while (length > most && !endsWith(text, sequence.substring(0, length))) {
        length--;
      }
      most = Math.max(most, length);
    }
    return most;
  }

  private static boolean endsWith(CharSequence text, String end) {
    int from = text.length() - end.length();
    return end.contentEquals(text.subSequence(from, text.length()));
  }

  private byte[] longestAt(byte[] open, int end) {
    byte[] longest = {};
    for (byte[] sequence : sequences) {
      int from = end - sequence.length;
      if (sequence.length > longest.length
          && from >= 0
          && Arrays.equals(open, from, end, sequence, 0, sequence.length)) {
        longest = sequence;
      }
    }
    return longest;
  }

  /** The length of the longest end that begins a sequence. */
  private int beginning(byte[] open) {
    int most = 0;
    for (byte[] sequence : sequences) {
      int length = Math.min(sequence.length - 1, open.length);
      while (length > most
          && !Arrays.equals(open, open.length - length, open.length, sequence, 0, length)) {
        length--;
      }
      most = Math.max(most, length);
    }
    return most;
  }
}
