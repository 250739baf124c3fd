package rwkv.tokenizers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * A small {@code tokenizer.json} for tests, as maps and lists to be changed before it is written.
 */
final class BpeFiles {

  final Map<String, Object> root = new LinkedHashMap<>();
  final Map<String, Object> model = new LinkedHashMap<>();
  final Map<String, Object> words = new LinkedHashMap<>();
  final Map<String, Object> vocab = new LinkedHashMap<>();
  final List<Object> merges = new ArrayList<>();
  final List<Map<String, Object>> added = new ArrayList<>();

  /** All bytes as ids 0 to 255, then what these merges make: pairs of texts, as in " t|he". */
  BpeFiles(String... pairs) {
    root.put("version", "1.0");
    root.put("truncation", null);
    root.put("added_tokens", added);
    root.put("normalizer", null);
    root.put("pre_tokenizer", words);
    root.put("post_processor", Map.of("type", "ByteLevel"));
    root.put("decoder", Map.of("type", "ByteLevel"));
    root.put("model", model);
    words.put("type", "ByteLevel");
    words.put("add_prefix_space", false);
    model.put("type", "BPE");
    model.put("dropout", null);
    model.put("vocab", vocab);
    model.put("merges", merges);
    for (char letter : ByteAlphabet.letters()) {
      vocab.put(String.valueOf(letter), vocab.size());
    }
    for (String pair : pairs) {
      merge(pair);
    }
  }

  private void merge(String pair) {
    String[] parts = pair.split("\\|", -1);
    String left = ByteAlphabet.token(parts[0]);
    String right = ByteAlphabet.token(parts[1]);
    merges.add(left + " " + right);
    vocab.putIfAbsent(left + right, vocab.size());
  }

  BpeFiles add(int id, String content, boolean special, boolean normalised) {
    Map<String, Object> token = new LinkedHashMap<>();
    token.put("id", id);
    token.put("content", content);
    token.put("special", special);
    token.put("normalized", normalised);
    token.put("lstrip", false);
    added.add(token);
    return this;
  }

  int id(String text) {
    return (int) vocab.get(ByteAlphabet.token(text));
  }

  Path write(Path file) throws IOException {
    return Files.write(file, JsonMapper.shared().writeValueAsBytes(root));
  }
}
