package rwkv.app.plugins;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The template plugin, built as its author would. */
public final class TemplateJar {

  private TemplateJar() {}

  /** The sources and resources of the template as a jar. */
  public static Path write(Path file) throws IOException {
    Path main = folder().resolve("src/main");
    JarMaker maker =
        new JarMaker()
            .says("Implementation-Title", "Template plugin")
            .says("Implementation-Version", "1.0")
            .folder(main.resolve("java"));
    Path resources = main.resolve("resources");
    try (Stream<Path> files = Files.walk(resources)) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        String name = resources.relativize(each).toString().replace('\\', '/');
        maker.entry(name, Files.readAllBytes(each));
      }
    }
    return maker.write(file);
  }

  static Path folder() {
    Path home = Path.of(System.getProperty("rwkv.home", ".."));
    return home.resolve("plugins/template").toAbsolutePath().normalize();
  }
}
