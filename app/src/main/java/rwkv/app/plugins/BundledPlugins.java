package rwkv.app.plugins;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import rwkv.plugin.PluginApi;
import rwkv.plugin.Probe;
import rwkv.plugin.TokenizerProvider;

/** The plugins that come with the workbench, on its own class path. */
public final class BundledPlugins {

  private static final ClassLoader WORKBENCH = BundledPlugins.class.getClassLoader();

  /** What one jar, or one folder of classes, offers. */
  private record Place(Path path, List<Class<?>> classes, List<String> offers) {}

  private BundledPlugins() {}

  /**
   * One for every jar.
   *
   * @param version of the workbench
   */
  public static List<PluginEntry> find(String version) {
    Map<String, Place> places = new TreeMap<>();
    add(places, PluginKind.PROBE, ServiceLoader.load(Probe.class, WORKBENCH), Probe::id);
    add(
        places,
        PluginKind.TOKENIZER,
        ServiceLoader.load(TokenizerProvider.class, WORKBENCH),
        TokenizerProvider::id);
    return places.values().stream().map(place -> entry(place, version)).toList();
  }

  private static <T> void add(
      Map<String, Place> places,
      PluginKind kind,
      ServiceLoader<T> services,
      Function<T, String> id) {
    for (ServiceLoader.Provider<T> provider : services.stream().toList()) {
      try {
        String name = id.apply(provider.get());
        Path path = path(provider.type());
        Place place =
            places.computeIfAbsent(
                String.valueOf(path),
                _ ->
                    new Place(
                        path == null ? Path.of("") : path, new ArrayList<>(), new ArrayList<>()));
        place.classes.add(provider.type());
        place.offers.add(kind.word() + " " + name);
      } catch (ServiceConfigurationError | RuntimeException e) {
        System.getLogger("rwkv.workbench").log(System.Logger.Level.WARNING, e.toString());
      }
    }
  }

  private static PluginEntry entry(Place place, String version) {
    String name =
        place.classes.stream()
            .map(Class::getPackageName)
            .min(Comparator.comparingInt(String::length))
            .orElse("");
    return new PluginEntry(
        new PluginJar(
            place.path,
            name,
            version,
            String.valueOf(PluginApi.VERSION),
            sha256(place.path),
            place.offers,
            ""),
        PluginState.BUNDLED,
        "",
        place.offers);
  }

  /** Of a jar; a folder of classes has none. */
  private static String sha256(Path path) {
    try {
      return Files.isRegularFile(path) ? JarBytes.sha256(JarBytes.read(path)) : "";
    } catch (IOException e) {
      return "";
    }
  }

  private static @Nullable Path path(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    try {
      return source == null ? null : Path.of(source.getLocation().toURI());
    } catch (URISyntaxException | RuntimeException e) {
      return null;
    }
  }
}
