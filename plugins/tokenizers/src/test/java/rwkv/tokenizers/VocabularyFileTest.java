package rwkv.tokenizers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rwkv.plugin.TestSeed;

class VocabularyFileTest {

  @TempDir Path folder;

  private Path file(byte[] contents) throws IOException {
    return Files.write(folder.resolve("some.vocab.txt"), contents);
  }

  private Path file(String contents) throws IOException {
    return file(contents.getBytes(UTF_8));
  }

  private String problem(Path file) {
    return assertThrows(IOException.class, () -> VocabularyFile.read(file)).getMessage();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "x 'b' 1 | expected a number as id, found 'x'",
        "-1 'b' 1 | expected a number as id, found '-1'",
        "0 'b' 1 | expected an id from 1 to 4194303, found 0",
        "4194304 'b' 1 | expected an id from 1 to 4194303, found 4194304",
        "99999999999999999999999 'b' 1 | expected an id from 1 to 4194303, found"
            + " 99999999999999999999...",
        "1 'b' 1 | expected an id above 1, found 1",
        "2 'b' 2 | the line says that the token has 2 bytes, its literal has 1",
        "2 'é' 1 | the line says that the token has 1 bytes, its literal has 2",
        "2 'b' x | expected a number as length, found 'x'",
        "2 'b' | expected 'id literal length' with spaces between",
        "2 b 1 | expected a literal in quotes, as in ' the' or b'\\xff'",
        "2 'b'1 | expected 'id literal length' with spaces between",
        "2 '' 0 | a token needs at least one byte",
        "2 '\\q' 1 | unknown escape: backslash, 'q'",
        "2 '\\x4' 1 | expected 2 hexadecimal digits after \\x",
        "2 'b 1 | expected the literal to end in ', found 'b'",
        "2 'a' 1 | the bytes of id 2 are those of id 1 already",
        "2 '\\x61' 1 | the bytes of id 2 are those of id 1 already",
        "2 b'a' 1 | the bytes of id 2 are those of id 1 already"
      })
  void aWrongLineIsNamedWithWhatIsWrong(String line, String problem) throws IOException {
    Path file = file("1 'a' 1\n" + line + "\n3 'c' 1\n");
    assertEquals(file + ", line 2: " + problem, problem(file));
  }

  @Test
  void anEmptyLineIsNamed() throws IOException {
    Path file = file("1 'a' 1\n\n3 'c' 1\n");
    assertTrue(problem(file).startsWith(file + ", line 2: "));
  }

  @Test
  void ofDuplicatesFarApartTheLaterLineIsNamed() throws IOException {
    Path file = file("5 'z' 1\n6 'b' 1\n7 'a' 1\n9 'z' 1\n");
    assertEquals(file + ", line 4: the bytes of id 9 are those of id 5 already", problem(file));
  }

  @Test
  void aFileThatIsEmptyOrMissingOrAFolderIsNamed() throws IOException {
    Path empty = file("");
    assertEquals(empty + ": expected a vocabulary, found an empty file", problem(empty));
    assertTrue(problem(folder).startsWith(folder.toString()));
    Path missing = folder.resolve("missing.txt");
    assertTrue(problem(missing).startsWith(missing.toString()));
    for (Path file : List.of(empty, folder, missing)) {
      assertEquals(OptionalInt.empty(), VocabularyFile.largestId(file));
    }
  }

  @Test
  void lineBreaksOfAnyKindAndAMissingLastOneAreRead() throws IOException {
    for (String text :
        List.of("1 'a' 1\n2 ' b ' 3\n", "1 'a' 1\n2 ' b ' 3", "1 'a' 1\r\n2 ' b ' 3\r\n")) {
      Path file = file(text);
      Vocabulary vocabulary = VocabularyFile.read(file);
      assertEquals(3, vocabulary.size());
      assertEquals(" b ", new String(vocabulary.byId().getLast().bytes(), UTF_8));
      assertEquals(OptionalInt.of(2), VocabularyFile.largestId(file));
    }
  }

  @Test
  void aHugeLineIsRefusedWithoutBeingShown() throws IOException {
    int length = VocabularyFile.MAX_LINE;
    Path file = file("1 'a' 1\n2 '" + "x".repeat(length) + "' " + length + "\n");
    assertTrue(problem(file).startsWith(file + ", line 2: expected at most 16384 bytes, found "));
    assertTrue(problem(file).length() < file.toString().length() + 100);
    assertEquals(OptionalInt.empty(), VocabularyFile.largestId(file));
  }

  @Test
  void aHugeLastLineIsNotJudgedByItsEnd() throws IOException {
    Path file = file("1 'a' 1\n" + "0".repeat(VocabularyFile.MAX_LINE) + "2 'b' 1\n");
    assertTrue(problem(file).startsWith(file + ", line 2: expected at most 16384 bytes, found "));
    assertEquals(OptionalInt.empty(), VocabularyFile.largestId(file));
  }

  @Test
  void theLongestLineThatIsAllowedIsReadAndJudged() throws IOException {
    int length = VocabularyFile.MAX_LINE - "2 '' 16374".length();
    Path file = file("1 'a' 1\n2 '" + "x".repeat(length) + "' " + length + "\n");
    assertEquals(3, VocabularyFile.read(file).size());
    assertEquals(OptionalInt.of(2), VocabularyFile.largestId(file));
    TrieTokenizer tokenizer = TrieTokenizer.read(file);
    assertEquals(1, tokenizer.encode("x".repeat(length)).length);
  }

  @Test
  void aHugeFileIsRefusedUnread() throws IOException {
    Path file = folder.resolve("huge.vocab.txt");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(VocabularyFile.MAX_FILE + 1L);
    }
    assertTrue(problem(file).startsWith(file + ": expected a vocabulary of at most "));
    assertEquals(OptionalInt.empty(), VocabularyFile.largestId(file));
  }

  @Test
  void junkIsRefusedByReadingAndByJudging() throws IOException {
    Random random = TestSeed.random(getClass().getName() + " junk");
    for (int round = 0; round < 100; round++) {
      byte[] junk = new byte[1 + random.nextInt(40_000)];
      random.nextBytes(junk);
      Path file = file(junk);
      assertTrue(problem(file).startsWith(file + ", line 1: "));
      assertEquals(OptionalInt.empty(), VocabularyFile.largestId(file));
    }
  }

  @Test
  void aDamagedFileIsReadOrRefusedAndNeverAnythingElse() throws IOException {
    Random random = TestSeed.random(getClass().getName() + " damage");
    Path whole =
        VocabularyFiles.write(
            folder.resolve("whole.txt"), VocabularyFiles.bytesAnd(" Anna", "你好", "it's", "\n\n"));
    byte[] contents = Files.readAllBytes(whole);
    int refused = 0;
    for (int round = 0; round < 500; round++) {
      byte[] damaged = contents.clone();
      for (int i = 0; i <= random.nextInt(3); i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      Path file = file(damaged);
      VocabularyFile.largestId(file);
      try {
        TrieTokenizer.read(file).encode("Anna");
      } catch (IOException e) {
        assertTrue(e.getMessage().startsWith(file + ", line "), e.getMessage());
        refused++;
      } catch (IllegalArgumentException e) {
        assertTrue(e.getMessage().contains("has no token for "), e.getMessage());
      }
    }
    assertTrue(refused > 250, "refused: " + refused);
  }

  @Test
  void aCutFileIsReadUpToTheCutLineOrRefused() throws IOException {
    byte[] contents = "1 'a' 1\n20 'bb' 2\n".getBytes(UTF_8);
    for (int length = 9; length < contents.length - 1; length++) {
      Path file = file(Arrays.copyOf(contents, length));
      assertTrue(problem(file).startsWith(file + ", line 2: "));
      assertEquals(OptionalInt.empty(), VocabularyFile.largestId(file));
    }
  }

  @Test
  void worldNeedsEverySingleByteAndOthersDoNot() throws IOException {
    List<byte[]> tokens = VocabularyFiles.bytesAnd(" Anna");
    Path file = VocabularyFiles.write(folder.resolve("all.txt"), tokens);
    assertEquals(256, VocabularyFile.read(file).missingByte());
    assertEquals(258, new WorldTokenizerProvider().create(Optional.of(file)).vocabularySize());

    Path gap =
        VocabularyFiles.write(
            folder.resolve("gap.txt"),
            tokens.stream().filter(token -> token[0] != (byte) 0xC5).toList());
    var error =
        assertThrows(
            IOException.class, () -> new WorldTokenizerProvider().create(Optional.of(gap)));
    assertEquals(
        gap + ": expected a token for each of the 256 bytes, found none for 0xC5",
        error.getMessage());
    assertFalse(new VocabularyTokenizerProvider().create(Optional.of(gap)).name().isEmpty());
  }
}
