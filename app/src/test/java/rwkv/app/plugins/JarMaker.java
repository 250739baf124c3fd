package rwkv.app.plugins;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import rwkv.engine.setting.Setting;
import rwkv.plugin.PluginApi;
import rwkv.plugin.Probe;
import rwkv.plugin.TokenizerProvider;
import tech.tablesaw.api.Table;

/** Compiles plugins as their authors do, against the API and what it needs, and nothing else. */
public final class JarMaker {

  private final Map<String, String> sources = new LinkedHashMap<>();
  private final Map<String, List<String>> services = new LinkedHashMap<>();
  private final Map<String, String> manifest = new LinkedHashMap<>();
  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  public JarMaker() {
    says(PluginApi.MANIFEST_KEY, String.valueOf(PluginApi.VERSION));
  }

  /** A jar with a probe of which some methods are written anew. */
  public static JarMaker probe(String name, String... members) {
    return new JarMaker()
        .source(
            name,
"""
            import java.util.List;
import java.util.Locale;
            import rwkv.engine.setting.Setting;
            import rwkv.plugin.*;
            public final class %s extends Plain {
            %s
            }
"""
                .formatted(name, String.join("\n", members)))
        .source(
            "Plain",
"""
            import java.util.List;
import java.util.Locale;
            import rwkv.engine.setting.Setting;
            import rwkv.plugin.*;
            public class Plain implements Probe {
              public String id() { return getClass().getSimpleName().toLowerCase(); }
              public String name() { return getClass().getSimpleName(); }
              public String question() { return "Is it plain?"; }
              public String method() { return "It is looked at."; }
              public List<Setting> parameters() { return List.of(); }
              public ProbeResult run(ProbeContext context) {
                context.findings().table("plain", TableColumn.whole("n")).add(1);
                context.progress().at(1);
                return context.findings().result("It is.");
              }
            }
""")
        .offers(Probe.class, name);
  }

  /** A jar with a provider of tokenizers of which some methods are written anew. */
  public static JarMaker tokenizer(String name, String... members) {
    return new JarMaker()
        .source(
            name,
            """
            import java.nio.file.Path;
            import java.util.*;
            import rwkv.plugin.*;
            public final class %s implements TokenizerProvider {
              public String id() { return "%s"; }
              public String name() { return id(); }
              public boolean needsFile() { return false; }
              %s
            }
            """
                .formatted(name, name.toLowerCase(Locale.ROOT), String.join("\n", members)))
        .offers(TokenizerProvider.class, name);
  }

  public JarMaker source(String name, String text) {
    sources.put(name, text);
    return this;
  }

  public JarMaker offers(Class<?> service, String... classes) {
    services.put(service.getName(), List.of(classes));
    return this;
  }

  /** Puts something into the manifest; an empty value takes it out. */
  public JarMaker says(String key, String value) {
    manifest.put(key, value);
    return this;
  }

  public JarMaker entry(String name, byte[] bytes) {
    entries.put(name, bytes);
    return this;
  }

  /** Compiles and writes it. */
  public Path write(Path file) throws IOException {
    Path classes = Files.createTempDirectory("plugin-classes");
    List<String> options = List.of("-d", classes.toString(), "-proc:none", "-cp", classPath());
    compile(options, sources.entrySet().stream().map(JarMaker::file).toList());
    try (Stream<Path> made = Files.walk(classes)) {
      for (Path each : made.filter(Files::isRegularFile).toList()) {
        entry(classes.relativize(each).toString().replace('\\', '/'), Files.readAllBytes(each));
      }
    }
    services.forEach((service, names) ->
        entry("META-INF/services/" + service, String.join("\n", names).getBytes(UTF_8)));
    Files.createDirectories(file.getParent());
    try (OutputStream out = Files.newOutputStream(file)) {
      jar(out);
    }
    return file;
  }

  private void jar(OutputStream out) throws IOException {
    Manifest written = new Manifest();
    written.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.forEach((key, value) -> {
      if (!value.isEmpty()) {
        written.getMainAttributes().putValue(key, value);
      }
    });
    try (JarOutputStream jar = new JarOutputStream(out, written)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        jar.putNextEntry(new ZipEntry(entry.getKey()));
        jar.write(entry.getValue());
      }
    }
  }

  /** Compiles files as they lie in a folder. */
  public JarMaker folder(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        String path = folder.relativize(file).toString();
        source(path.substring(0, path.length() - ".java".length()), Files.readString(file));
      }
    }
    return this;
  }

  private static void compile(List<String> options, List<JavaFileObject> files) throws IOException {
    if (files.isEmpty()) {
      return;
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> problems = new ArrayList<>();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, UTF_8)) {
      boolean done =
          compiler
              .getTask(
                  null, manager, problem -> problems.add(problem.toString()), options, null, files)
              .call();
      if (!done) {
        throw new IllegalArgumentException(String.join("\n", problems));
      }
    }
  }

  private static JavaFileObject file(Map.Entry<String, String> source) {
    URI uri = URI.create("string:///" + source.getKey().replace('\\', '/') + ".java");
    return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoring) {
        return source.getValue();
      }
    };
  }

  /** The API, the engine and Tablesaw: nothing of the app or of other plugins. */
  private static String classPath() {
    return Stream.of(PluginApi.class, Setting.class, Table.class)
        .map(type -> {
          try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
          } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
          }
        })
        .map(Path::toString)
        .collect(Collectors.joining(System.getProperty("path.separator")));
  }
}
