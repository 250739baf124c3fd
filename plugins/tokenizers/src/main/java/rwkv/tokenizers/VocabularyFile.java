package rwkv.tokenizers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Reads files in the format of {@code rwkv_vocab_v20230424.txt}: one {@link VocabularyEntry} a
 * line, in ascending order of the ids. The order is part of the format because it lets {@link
 * #largestId} judge a file by its ends.
 */
final class VocabularyFile {

  /** The largest file that is read, in bytes; the World vocabulary has one million. */
  static final int MAX_FILE = 16 << 20;

  /** The longest line that is read, in bytes. It also bounds how far encoding looks ahead. */
  static final int MAX_LINE = 16 << 10;

  // What is read of each end of a file to judge it: a line and the line breaks around it.
  private static final int WINDOW = MAX_LINE + 2;

  private VocabularyFile() {}

  /**
   * Reads a whole file.
   *
   * @throws IOException if it cannot be read, or is no such vocabulary: the message names the file,
   *     the line, what was expected and what was found
   */
  static Vocabulary read(Path file) throws IOException {
    byte[] source = contents(file);
    List<VocabularyEntry> entries = new ArrayList<>();
    int previous = 0;
    for (int from = 0; from < source.length; ) {
      int to = endOfLine(source, from, source.length);
      int line = entries.size() + 1;
      VocabularyEntry entry = entry(file, line, source, from, to);
      if (entry.id() <= previous) {
        throw problem(
            file, line, "expected an id above %d, found %d".formatted(previous, entry.id()));
      }
      entries.add(entry);
      previous = entry.id();
      from = to + 1;
    }
    if (entries.isEmpty()) {
      throw new IOException(file + ": expected a vocabulary, found an empty file");
    }
    Vocabulary vocabulary = Vocabulary.of(entries);
    checkDistinct(file, vocabulary);
    return vocabulary;
  }

  /**
   * The largest id in a file, read from its last line; empty if its first or last line shows that
   * it is no vocabulary, or if it cannot be read. What is between is not looked at.
   */
  static OptionalInt largestId(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      byte[] head = read(channel, 0);
      long position = Math.max(0, channel.size() - WINDOW);
      byte[] tail = read(channel, position);
      VocabularyEntry first = lineEntry(head, 0, endOfLine(head, 0, head.length));
      int end = tail.length;
      if (end > 0 && tail[end - 1] == '\n') {
        end--;
      }
      int begin = end;
      while (begin > 0 && tail[begin - 1] != '\n') {
        begin--;
      }
      if (begin == 0 && position > 0) {
        return OptionalInt.empty(); // the last line is too long, and its id is not in sight
      }
      VocabularyEntry last = lineEntry(tail, begin, end);
      return first.id() <= last.id() ? OptionalInt.of(last.id()) : OptionalInt.empty();
    } catch (IOException | IllegalArgumentException e) {
      return OptionalInt.empty();
    }
  }

  private static byte[] contents(Path file) throws IOException {
    // Not Files.size alone: a file that is no regular one (a pipe, a device) may never end.
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + ": expected a vocabulary file, found no such file");
    }
    long size = Files.size(file);
    if (size > MAX_FILE) {
      throw new IOException(
          "%s: expected a vocabulary of at most %d bytes, found %d"
              .formatted(file, MAX_FILE, size));
    }
    return Files.readAllBytes(file);
  }

  private static VocabularyEntry entry(Path file, int line, byte[] source, int from, int to)
      throws IOException {
    if (to - from > MAX_LINE) {
      throw problem(
          file, line, "expected at most %d bytes, found %d".formatted(MAX_LINE, to - from));
    }
    try {
      return lineEntry(source, from, to);
    } catch (IllegalArgumentException e) {
      throw problem(file, line, e.getMessage());
    }
  }

  private static VocabularyEntry lineEntry(byte[] source, int from, int to) {
    boolean windows = to > from && source[to - 1] == '\r';
    return VocabularyEntry.parse(source, from, windows ? to - 1 : to);
  }

  private static int endOfLine(byte[] source, int from, int limit) {
    int to = from;
    while (to < limit && source[to] != '\n') {
      to++;
    }
    return to;
  }

  private static byte[] read(FileChannel channel, long position) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(WINDOW);
    while (buffer.hasRemaining() && channel.read(buffer, position + buffer.position()) >= 0) {
      // until full or at the end
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  private static void checkDistinct(Path file, Vocabulary vocabulary) throws IOException {
    Optional<VocabularyEntry> duplicate = vocabulary.duplicate();
    if (duplicate.isPresent()) {
      VocabularyEntry entry = duplicate.get();
      int line = vocabulary.byId().indexOf(entry) + 1;
      String alike = "the bytes of id %d are those of id %d already";
      throw problem(file, line, alike.formatted(entry.id(), vocabulary.idOf(entry.bytes())));
    }
  }

  private static IOException problem(Path file, int line, @Nullable String what) {
    return new IOException("%s, line %d: ".formatted(file, line) + what);
  }
}
