import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;

/**
 * Google Java Format over the sources in some folders: {@code java Format.java check|apply FOLDER...}
 *
 * <p>It is a program of its own because the formatter parses with the compiler of the Java that
 * runs it, which must be the project's JDK and not the older one that Maven may run on.
 */
void main(String[] args) throws IOException {
  var apply = args[0].equals("apply");
  var unformatted = new ArrayList<Path>();
  for (var folder : List.of(args).subList(1, args.length)) {
    for (var source : sources(Path.of(folder))) {
      if (!isFormatted(source, apply)) unformatted.add(source);
    }
  }
  unformatted.forEach(source -> IO.println((apply ? "formatted: " : "not formatted: ") + source));
  if (!apply && !unformatted.isEmpty()) {
    IO.println("To format everything: mvn -N verify -Dformat=apply");
    System.exit(1);
  }
}

List<Path> sources(Path folder) throws IOException {
  try (var walk = Files.walk(folder)) {
    return walk.filter(file -> file.toString().endsWith(".java"))
        .filter(file -> !file.toString().contains(File.separator + "target" + File.separator))
        .sorted()
        .toList();
  }
}

boolean isFormatted(Path file, boolean apply) throws IOException {
  try {
    var source = Files.readString(file);
    var formatted = new Formatter().formatSourceAndFixImports(source);
    if (apply && !formatted.equals(source)) Files.writeString(file, formatted);
    return formatted.equals(source);
  } catch (FormatterException e) {
    throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
  }
}
