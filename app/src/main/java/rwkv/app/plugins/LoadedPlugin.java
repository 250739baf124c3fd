package rwkv.app.plugins;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.stream.Stream;
import rwkv.plugin.Probe;
import rwkv.plugin.TokenizerProvider;

/**
 * A plugin whose code runs. Its class loader is never closed: tokenizers and runs that it made may
 * go on after a person has disabled it.
 */
record LoadedPlugin(List<Probe> probes, List<TokenizerProvider> tokenizers) {

  LoadedPlugin {
    probes = List.copyOf(probes);
    tokenizers = List.copyOf(tokenizers);
  }

  /**
   * Loads a jar that a person has allowed, from a copy: what runs is what was allowed, and the jar
   * may be replaced meanwhile.
   *
   * @param failed is told what the plugin does wrong, now and later, in a sentence
   * @throws PluginFailure if it cannot be loaded
   * @throws IOException if it is not there any more, or another
   */
  static LoadedPlugin load(PluginJar jar, Limits limits, Consumer<String> failed)
      throws IOException {
    Path copy = copy(jar);
    PluginClassLoader loader =
        new PluginClassLoader(
            jar.name(), copy.toUri().toURL(), LoadedPlugin.class.getClassLoader());
    Guard guard = new Guard(jar.name(), loader, failed);
    try {
      return guard.call(
          "while it was loaded", limits.load(), () -> services(loader, guard, limits));
    } catch (PluginFailure e) {
      loader.close();
      throw e;
    }
  }

  private static LoadedPlugin services(PluginClassLoader loader, Guard guard, Limits limits) {
    LoadedPlugin plugin =
        new LoadedPlugin(
            own(Probe.class, loader).stream()
                .<Probe>map(probe -> new GuardedProbe(probe, guard, limits))
                .toList(),
            own(TokenizerProvider.class, loader).stream()
                .<TokenizerProvider>map(provider -> new GuardedProvider(provider, guard, limits))
                .toList());
    if (plugin.offers().isEmpty()) {
      throw new PluginFailure("None of the classes that it names can be used.");
    }
    return plugin;
  }

  private static <T> List<T> own(Class<T> service, PluginClassLoader loader) {
    List<T> found = new ArrayList<>();
    for (T each : ServiceLoader.load(service, loader)) {
      if (each.getClass().getClassLoader() != loader) {
        throw new PluginFailure(
            "It names %s, which is not in its jar.".formatted(each.getClass().getName()));
      }
      found.add(each);
    }
    return found;
  }

  private static Path copy(PluginJar jar) throws IOException {
    byte[] bytes = JarBytes.read(jar.file());
    if (!JarBytes.sha256(bytes).equals(jar.sha256())) {
      throw new IOException(PluginJar.fileName(jar.file()) + " has just been changed");
    }
    Path folder = Files.createTempDirectory("rwkv-plugin");
    Path copy = folder.resolve(PluginJar.fileName(jar.file()));
    Files.write(copy, bytes);
    folder.toFile().deleteOnExit();
    copy.toFile().deleteOnExit();
    return copy;
  }

  /** As in {@code probe echo}. */
  List<String> offers() {
    return Stream.concat(
            probes.stream().map(probe -> PluginKind.PROBE.word() + " " + probe.id()),
            tokenizers.stream().map(made -> PluginKind.TOKENIZER.word() + " " + made.id()))
        .toList();
  }
}
