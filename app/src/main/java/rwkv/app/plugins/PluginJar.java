package rwkv.app.plugins;

import java.nio.file.Path;
import java.util.List;

/**
 * What a jar says of itself; nothing in it has been run.
 *
 * @param file where it lies
 * @param name of the plugin, from the manifest, else the file's
 * @param version empty if it does not say
 * @param api the version of the plugin API that it wants; empty if it does not say
 * @param sha256 of its bytes, 64 hexadecimal digits; empty if they were not read
 * @param offers each with its class, as in {@code probe com.example.Echo}
 * @param problem why it cannot be loaded, in a sentence; empty if nothing is known against it
 */
public record PluginJar(
    Path file,
    String name,
    String version,
    String api,
    String sha256,
    List<String> offers,
    String problem) {

  public PluginJar {
    offers = List.copyOf(offers);
  }

  static PluginJar unreadable(Path file, String sha256, String problem) {
    return new PluginJar(file, fileName(file), "", "", sha256, List.of(), problem);
  }

  PluginJar refused(String sentence) {
    return new PluginJar(file, name, version, api, sha256, offers, sentence);
  }

  static String fileName(Path file) {
    return String.valueOf(file.getFileName());
  }
}
