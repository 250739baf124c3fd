package rwkv.tokenizers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the {@code tokenizer.json} of a byte-level BPE as Hugging Face writes it. What would change
 * the tokens and is not supported (other models, normalisers and ways to split; tokens that swallow
 * the space beside them) is refused by name. Cutting and padding to a length and what is put around
 * a text are matters of the prompt and not looked at.
 */
final class TokenizerJson {

  private final JsonNode root;

  private TokenizerJson(JsonNode root) {
    this.root = root;
  }

  /**
   * Reads a whole file.
   *
   * @throws IOException if it cannot be read or is no byte-level BPE: the message names the file,
   *     what was expected and what was found
   */
  static BpeVocabulary read(Path file) throws IOException {
    JsonNode root = Json.read(file);
    try {
      return new TokenizerJson(root).vocabulary();
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private BpeVocabulary vocabulary() {
    JsonNode model = Json.required(root, "", "model");
    checkModel(model);
    JsonNode words = byteLevel("pre_tokenizer", Json.field(root, "", "pre_tokenizer"));
    JsonNode decoder = Json.field(root, "", "decoder");
    if (decoder != null) {
      expectType("decoder", decoder, "ByteLevel");
    }
    Map<String, Integer> ids = ids(Json.required(model, "model", "vocab"));
    return new BpeVocabulary(
        ids,
        added(Json.field(root, "", "added_tokens"), ids),
        merges(Json.required(model, "model", "merges"), ids),
        isNfc("normalizer", Json.field(root, "", "normalizer")),
        Json.flag(words, "pre_tokenizer", "add_prefix_space", true),
        Json.flag(words, "pre_tokenizer", "use_regex", true),
        Json.flag(model, "model", "ignore_merges", false));
  }

  private static void checkModel(JsonNode model) {
    if (Json.field(model, "model", "type") != null) { // old files do not say it
      expectType("model", model, "BPE");
    }
    for (String affix : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
      JsonNode value = Json.field(model, "model", affix);
      if (value != null && !(value.isString() && value.stringValue().isEmpty())) {
        throw Json.problem("model." + affix, "none in a byte-level BPE", value);
      }
    }
    JsonNode dropout = Json.field(model, "model", "dropout");
    if (dropout != null && !(dropout.isNumber() && dropout.doubleValue() == 0)) {
      throw Json.problem("model.dropout", "none", dropout);
    }
    if (Json.flag(model, "model", "byte_fallback", false)) {
      throw new IllegalArgumentException("model.byte_fallback: expected false, found true");
    }
  }

  /** Whether text is normalised; any other way than NFC is refused. */
  private static boolean isNfc(String where, @Nullable JsonNode normaliser) {
    if (normaliser == null) {
      return false;
    }
    if (Json.text(normaliser, where, "type").equals("Sequence")) {
      boolean nfc = false;
      for (JsonNode part : list(normaliser, where, "normalizers")) {
        expectType(where + ".normalizers", part, "NFC");
        nfc = true;
      }
      return nfc;
    }
    expectType(where, normaliser, "NFC");
    return true;
  }

  private static JsonNode byteLevel(String where, @Nullable JsonNode part) {
    if (part == null) {
      throw new IllegalArgumentException(where + ": expected type 'ByteLevel', found none");
    }
    if (Json.text(part, where, "type").equals("Sequence")) {
      JsonNode parts = list(part, where, "pretokenizers");
      if (parts.size() == 1) {
        return byteLevel(where, parts.get(0));
      }
      throw new IllegalArgumentException(
          "%s: expected one way to split text, ByteLevel, found a sequence of %d"
              .formatted(where, parts.size()));
    }
    expectType(where, part, "ByteLevel");
    return part;
  }

  private static void expectType(String where, JsonNode part, String expected) {
    String type = Json.text(part, where, "type");
    if (!type.equals(expected)) {
      throw new IllegalArgumentException(
          "%s: expected type '%s', found %s".formatted(where, expected, Json.quote(type)));
    }
  }

  private static JsonNode list(JsonNode object, String where, String name) {
    JsonNode list = Json.required(object, where, name);
    if (!list.isArray()) {
      throw Json.problem(where + "." + name, "a list", list);
    }
    return list;
  }

  private static Map<String, Integer> ids(JsonNode vocab) {
    if (!vocab.isObject()) {
      throw Json.problem("model.vocab", "an object", vocab);
    }
    Map<String, Integer> ids = HashMap.newHashMap(vocab.size());
    Map<Integer, String> names = HashMap.newHashMap(vocab.size());
    for (Map.Entry<String, JsonNode> token : vocab.properties()) {
      String name = token.getKey();
      int id = Json.id("model.vocab " + Json.quote(name), token.getValue());
      Utf8.check(name);
      ids.put(name, id);
      claim(id, name, names);
    }
    return ids;
  }

  private static void claim(int id, String name, Map<Integer, String> names) {
    String other = names.put(id, name);
    if (other != null) {
      throw new IllegalArgumentException(
          "the tokens %s and %s have the same id %d"
              .formatted(Json.quote(other), Json.quote(name), id));
    }
  }

  private static List<AddedToken> added(@Nullable JsonNode tokens, Map<String, Integer> ids) {
    List<AddedToken> added = new ArrayList<>();
    if (tokens == null) {
      return added;
    }
    if (!tokens.isArray()) {
      throw Json.problem("added_tokens", "a list", tokens);
    }
    Map<Integer, String> names = HashMap.newHashMap(ids.size());
    ids.forEach((name, id) -> names.put(id, name));
    Set<String> seen = new HashSet<>();
    for (JsonNode node : tokens) {
      AddedToken token = addedToken(node);
      String content = token.content();
      if (!seen.add(content)) {
        throw new IllegalArgumentException(
            "added_tokens: %s is there twice".formatted(Json.quote(content)));
      }
      Integer known = ids.get(content);
      if (known == null) {
        claim(token.id(), content, names);
      } else if (known != token.id()) {
        throw new IllegalArgumentException(
            "added_tokens: expected id %d for %s, as in model.vocab, found %d"
                .formatted(known, Json.quote(content), token.id()));
      }
      added.add(token);
    }
    return added;
  }

  private static AddedToken addedToken(JsonNode token) {
    String content = Json.text(token, "added_tokens", "content");
    String where = "added token " + Json.quote(content);
    Utf8.check(content);
    if (content.isEmpty() || content.length() > AddedToken.LONGEST) {
      throw new IllegalArgumentException(
          "%s: expected 1 to %d characters, found %d"
              .formatted(where, AddedToken.LONGEST, content.length()));
    }
    for (String unsupported : List.of("single_word", "lstrip", "rstrip")) {
      if (Json.flag(token, where, unsupported, false)) {
        throw new IllegalArgumentException(
            "%s: %s is not supported; expected false, found true".formatted(where, unsupported));
      }
    }
    boolean special = Json.flag(token, where, "special", false);
    return new AddedToken(
        Json.id(where + ".id", Json.required(token, where, "id")),
        content,
        special,
        Json.flag(token, where, "normalized", !special));
  }

  private static Merges merges(JsonNode list, Map<String, Integer> ids) {
    if (!list.isArray()) {
      throw Json.problem("model.merges", "a list", list);
    }
    Merges merges = new Merges();
    int rank = 0;
    for (JsonNode merge : list) {
      String where = "model.merges, number " + (rank + 1);
      String[] pair = pair(where, merge);
      merges.add(
          known(where, pair[0], ids),
          known(where, pair[1], ids),
          rank++,
          known(where, pair[0] + pair[1], ids));
    }
    return merges;
  }

  private static String[] pair(String where, JsonNode merge) {
    String[] pair = {};
    if (merge.isString()) {
      pair = merge.stringValue().split(" ", -1);
    } else if (merge.isArray() && merge.size() == 2) {
      JsonNode left = merge.get(0);
      JsonNode right = merge.get(1);
      if (left.isString() && right.isString()) {
        pair = new String[] {left.stringValue(), right.stringValue()};
      }
    }
    if (pair.length != 2) {
      throw Json.problem(where, "two tokens", merge);
    }
    return pair;
  }

  private static int known(String where, String token, Map<String, Integer> ids) {
    Integer id = ids.get(token);
    if (id == null) {
      throw new IllegalArgumentException(
          "%s: expected tokens of model.vocab, found %s".formatted(where, Json.quote(token)));
    }
    return id;
  }
}
