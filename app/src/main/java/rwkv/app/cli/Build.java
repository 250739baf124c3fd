package rwkv.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Which build of the program this is. */
public final class Build implements IVersionProvider {

  /** The version, as in "0.1.0". */
  public static String version() {
    Properties properties = new Properties();
    try (InputStream file = Build.class.getResourceAsStream("build.properties")) {
      if (file != null) {
        properties.load(file);
      }
    } catch (IOException e) {
      // Nothing depends on it.
    }
    return properties.getProperty("version", "of an unknown version");
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "rwkv " + version(),
      "Java "
          + Runtime.version()
          + ", "
          + System.getProperty("os.name")
          + " "
          + System.getProperty("os.arch")
    };
  }
}
