package rwkv.engine.checkpoint;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/** What a file is, by its first bytes. */
enum FileKind {
  ZIP("is a zip archive"),
  SAFETENSORS("is a safetensors file"),
  EMPTY("is empty; the download or the copy has failed"),
  LEGACY_PTH(
      "was saved by PyTorch before 1.6 or with the old format; load it in PyTorch and save it again"
          + " with torch.save, or convert it to safetensors"),
  GGUF("is a GGUF file"),
  RWKV_CPP("is a .bin file for rwkv.cpp"),
  INDEX("is an index of other files"),
  GGML("is an old GGML file, from before GGUF; open another file of the same model"),
  GIT_LFS("is only a git-lfs pointer, not the model; fetch the file with 'git lfs pull'"),
  HTML("is a web page, not a model; download the file itself, not the page that shows it"),
  JSON("is JSON text, not a model; open the model file beside it"),
  PACKED("is a compressed archive; unpack it and open the file inside"),
  UNKNOWN("is no model: neither a PyTorch .pth nor a safetensors, GGUF or rwkv.cpp .bin file");

  private static final int LONGEST_MAGIC = 512;

  /** Beyond this the first eight bytes are not a header length but other bytes, text perhaps. */
  private static final long LARGEST_PLAUSIBLE_HEADER = 1L << 32;

  private final String advice;

  FileKind(String advice) {
    this.advice = advice;
  }

  /** What is wrong with it and what to do, to stand after the file's name. */
  String advice() {
    return advice;
  }

  static FileKind of(MappedFile file) {
    if (file.size() == 0) {
      return EMPTY;
    }
    byte[] head = file.copy(0, (int) Math.min(file.size(), LONGEST_MAGIC));
    String raw = new String(head, StandardCharsets.ISO_8859_1);
    if (looksLikeSafetensors(file)) {
      return SAFETENSORS;
    }
    if (raw.startsWith("PK\3\4") || raw.startsWith("PK\5\6")) {
      return ZIP;
    }
    return isIndex(file.path(), raw) ? INDEX : ofText(raw);
  }

  /** By content, or by name where other things stand before what tells. */
  private static boolean isIndex(Path path, String raw) {
    return raw.stripLeading().startsWith("{")
        && (raw.contains("\"weight_map\"") || path.toString().endsWith(Shards.INDEX));
  }

  private static boolean looksLikeSafetensors(MappedFile file) {
    if (file.size() < 9 || file.u1(8) != '{') {
      return false;
    }
    long length = file.i8(0);
    return length >= 0 && length < LARGEST_PLAUSIBLE_HEADER;
  }

  private static FileKind ofText(String raw) {
    if (raw.length() > 1 && raw.charAt(0) == 0x80 && raw.charAt(1) <= 5) {
      return LEGACY_PTH;
    }
    if (raw.startsWith("GGUF")) {
      return GGUF;
    }
    if (raw.startsWith("fmgg")) {
      return RWKV_CPP;
    }
    if (raw.startsWith("lmgg") || raw.startsWith("tjgg") || raw.startsWith("algg")) {
      return GGML;
    }
    if (isPacked(raw)) {
      return PACKED;
    }
    String text = raw.strip().toLowerCase(Locale.ROOT);
    if (text.startsWith("version https://git-lfs")) {
      return GIT_LFS;
    }
    if (text.startsWith("<!doctype") || text.startsWith("<html") || text.startsWith("<?xml")) {
      return HTML;
    }
    return text.startsWith("{\"") || text.matches("(?s)\\{\\s+\".*") ? JSON : UNKNOWN;
  }

  private static boolean isPacked(String raw) {
    boolean tar = raw.length() > 262 && raw.startsWith("ustar", 257);
    return tar
        || raw.startsWith("\u001f\u008b")
        || raw.startsWith("\u00fd7zXZ")
        || raw.startsWith("7z\u00bc\u00af")
        || raw.startsWith("\u0028\u00b5\u002f\u00fd")
        || raw.startsWith("Rar!");
  }
}
