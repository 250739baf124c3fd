package rwkv.app.plugins;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Enumeration;

/**
 * The classes of one jar, on top of the workbench's. What plugins offer is looked up in the jar
 * alone, or every plugin would offer what the workbench comes with.
 */
final class PluginClassLoader extends URLClassLoader {

  static {
    registerAsParallelCapable();
  }

  PluginClassLoader(String name, URL jar, ClassLoader workbench) {
    super(name, new URL[] {jar}, workbench);
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    return name.startsWith("META-INF/services/rwkv.")
        ? findResources(name)
        : super.getResources(name);
  }
}
