package rwkv.tokenizers;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import rwkv.plugin.TestSeed;
import rwkv.plugin.Tokenizer;
import rwkv.plugin.TokenizerContract;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The published World vocabulary, against what its author's two tokenizers make of 290 texts. */
class WorldVocabularyTest extends TokenizerContract {

  private static Path file;
  private static TrieTokenizer world;

  @BeforeAll
  static void read() throws IOException {
    file = Reference.file("tokenizer/rwkv_vocab_v20230424.txt");
    world = TrieTokenizer.read(file);
  }

  @Override
  protected Tokenizer tokenizer() {
    return world;
  }

  @Test
  void allReferenceTextsGetTheReferenceTokens() throws IOException {
    Path vectors = Reference.file("tokenizer/world_vectors.json");
    JsonNode all = JsonMapper.shared().readTree(Files.readAllBytes(vectors)).get("vectors");
    assertEquals(290, all.size());
    int texts = 0;
    for (JsonNode vector : all) {
      byte[] bytes = Base64.getDecoder().decode(vector.get("bytes_base64").asString());
      int[] ids =
          IntStream.range(0, vector.get("ids").size())
              .map(i -> vector.get("ids").get(i).asInt())
              .toArray();
      String shown = vector.get("group").asString() + " " + Arrays.toString(ids);
      assertArrayEquals(ids, world.encode(bytes), shown);
      assertArrayEquals(bytes, joined(ids), shown);
      if (vector.has("text")) {
        String text = vector.get("text").asString();
        assertArrayEquals(ids, world.encode(text), shown);
        assertEquals(text, world.decode(ids), shown);
        texts++;
      }
    }
    assertTrue(texts > 200, "vectors with text: " + texts);
  }

  @Test
  void knownTokensHaveTheirIds() {
    assertAll(
        () -> assertArrayEquals(new int[] {11}, world.encode("\n")),
        () -> assertArrayEquals(new int[] {261}, world.encode("\n\n")),
        () -> assertArrayEquals(new int[] {24281, 59}, world.encode("User:")),
        () ->
            assertArrayEquals(
                new int[] {5585, 41693, 59, 295, 35762}, world.encode("Assistant: <think")),
        () -> assertEquals(65530, world.vocabularySize()),
        () -> assertEquals(0, world.endOfText()));
  }

  @Test
  void everyTokenIsItsOwnLongestMatch() {
    for (int id = 1; id < world.vocabularySize(); id++) {
      assertArrayEquals(new int[] {id}, world.encode(world.bytes(id)));
    }
  }

  @Test
  void randomBytesComeBack() {
    Random random = TestSeed.random("World, random bytes");
    for (int round = 0; round < 300; round++) {
      byte[] bytes = new byte[random.nextInt(500)];
      random.nextBytes(bytes);
      assertArrayEquals(bytes, joined(world.encode(bytes)));
    }
  }

  @Test
  void theLargestIdIsReadFromTheEndOfTheFile() {
    assertEquals(OptionalInt.of(65529), VocabularyFile.largestId(file));
  }

  private static byte[] joined(int[] ids) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int id : ids) {
      bytes.writeBytes(world.bytes(id));
    }
    return bytes.toByteArray();
  }
}
