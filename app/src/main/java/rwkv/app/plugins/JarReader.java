package rwkv.app.plugins;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import rwkv.plugin.PluginApi;

/** Reads what a jar says of itself. Whoever made it may mean harm: everything has a limit. */
final class JarReader {

  private static final int MOST_TEXT = 64 << 10;
  private static final int MOST_OFFERS = 100;
  private static final int LONGEST_WORDS = 80;
  private static final Pattern CLASS_NAME = Pattern.compile("[\\w$]+(\\.[\\w$]+)*");

  private final Path file;

  private JarReader(Path file) {
    this.file = file;
  }

  /** What a file says; if it is no plugin, its problem says why. */
  static PluginJar read(Path file) {
    String sha256 = "";
    try {
      sha256 = JarBytes.sha256(JarBytes.read(file));
      return new JarReader(file).read(sha256);
    } catch (ZipException e) {
      return PluginJar.unreadable(
          file, sha256, PluginJar.fileName(file) + " is no jar: it cannot be read as a zip file.");
    } catch (IOException | RuntimeException e) {
      return PluginJar.unreadable(file, sha256, Words.sentence(e));
    }
  }

  private PluginJar read(String sha256) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      Attributes manifest = manifest(zip);
      String title = words(manifest.getValue(Attributes.Name.IMPLEMENTATION_TITLE));
      String api = words(manifest.getValue(PluginApi.MANIFEST_KEY));
      List<String> offers = new ArrayList<>();
      for (PluginKind kind : PluginKind.values()) {
        classes(zip, kind.entry()).forEach(name -> offers.add(kind.word() + " " + name));
      }
      return new PluginJar(
          file,
          title.isEmpty() ? PluginJar.fileName(file) : title,
          words(manifest.getValue(Attributes.Name.IMPLEMENTATION_VERSION)),
          api,
          sha256,
          offers,
          problem(api, offers));
    }
  }

  private String problem(String api, List<String> offers) {
    String name = PluginJar.fileName(file);
    if (offers.isEmpty()) {
      return "%s offers nothing: it has neither of %s."
          .formatted(
              name,
              Stream.of(PluginKind.values())
                  .map(PluginKind::entry)
                  .collect(Collectors.joining(" and ")));
    }
    if (api.isEmpty()) {
      return "%s does not say which plugin API it wants: its manifest should have %s: %d."
          .formatted(name, PluginApi.MANIFEST_KEY, PluginApi.VERSION);
    }
    return api.equals(String.valueOf(PluginApi.VERSION))
        ? ""
        : "%s wants the plugin API %s, this workbench has %d."
            .formatted(name, api, PluginApi.VERSION);
  }

  private Attributes manifest(ZipFile zip) throws IOException {
    byte[] bytes = entry(zip, JarFile.MANIFEST_NAME);
    try {
      return new Manifest(new ByteArrayInputStream(bytes)).getMainAttributes();
    } catch (IOException e) {
      throw new IOException(
          "%s has a manifest that cannot be read: %s"
              .formatted(PluginJar.fileName(file), e.getMessage()),
          e);
    }
  }

  private List<String> classes(ZipFile zip, String entry) throws IOException {
    List<String> names =
        new String(entry(zip, entry), UTF_8)
            .lines()
            .map(line -> line.replaceFirst("#.*", "").strip())
            .filter(line -> !line.isEmpty())
            .toList();
    if (names.size() > MOST_OFFERS
        || !names.stream().allMatch(name -> CLASS_NAME.matcher(name).matches())) {
      throw new IOException(
          "%s: %s is no list of at most %d classes"
              .formatted(PluginJar.fileName(file), entry, MOST_OFFERS));
    }
    return names;
  }

  /** The bytes of a short entry; none if there is no such entry. */
  private byte[] entry(ZipFile zip, String name) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      return new byte[0];
    }
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] bytes = in.readNBytes(MOST_TEXT + 1);
      if (bytes.length > MOST_TEXT) {
        throw new IOException(
            "%s: %s is longer than %d bytes".formatted(PluginJar.fileName(file), name, MOST_TEXT));
      }
      return bytes;
    }
  }

  private static String words(@Nullable String text) {
    return text == null ? "" : Words.oneLine(text, LONGEST_WORDS);
  }
}
