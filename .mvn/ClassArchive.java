import java.nio.file.StandardCopyOption;

/**
 * Makes the archive of classes that the packaged program starts with: {@code java ClassArchive.java
 * FOLDER MODEL TENSORS}. It runs the program in FOLDER twice to learn which classes it loads, and has
 * Java write them, parsed and checked, to {@code lib/rwkv.jsa}. Without that file, or with one that
 * does not fit, the program merely starts more slowly; so nothing that goes wrong here stops a build.
 */
void main(String[] args) {
  var home = Path.of(args[0]).toAbsolutePath();
  var archive = home.resolve("lib/rwkv.jsa");
  var lists = List.of(home.resolve("generate.lst"), home.resolve("tensors.lst"));
  var fresh = home.resolve("fresh.jsa");
  try {
    Files.deleteIfExists(archive);
    rwkv(home, "-XX:DumpLoadedClassList=generate.lst",
        "generate", args[1], "--prompt", "Once", "--max-tokens", "4");
    rwkv(home, "-XX:DumpLoadedClassList=tensors.lst", "tensors", args[2], "--json");
    var classes = new LinkedHashSet<String>();
    for (var list : lists) {
      // Numbers of classes are those of one run; only classes of unusual loaders need them.
      Files.readAllLines(list).stream()
          .filter(line -> !line.contains(" source: "))
          .map(line -> line.replaceFirst(" id: \\d+$", ""))
          .forEach(classes::add);
    }
    Files.write(lists.getFirst(), classes);
    rwkv(home, "-Xshare:dump -XX:SharedClassListFile=generate.lst -XX:SharedArchiveFile=fresh.jsa",
        "--version");
    Files.move(fresh, archive, StandardCopyOption.REPLACE_EXISTING);
    rwkv(home, "-Xshare:auto", "--version");
  } catch (IOException | InterruptedException e) {
    archive.toFile().delete();
    IO.println("No class archive, the program starts more slowly without: " + e.getMessage());
  } finally {
    for (var rest : List.of(lists.getFirst(), lists.getLast(), fresh)) rest.toFile().delete();
  }
}

/** Runs a command of the program on the Java that runs this. */
void rwkv(Path home, String options, String... command) throws IOException, InterruptedException {
  var line = new ArrayList<>(List.of("sh", "bin/rwkv"));
  line.addAll(List.of(command));
  var program = new ProcessBuilder(line).directory(home.toFile());
  program.environment().put("RWKV_JAVA_HOME", System.getProperty("java.home"));
  program.environment().put("RWKV_JAVA_OPTS", options);
  program.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
  var running = program.start();
  if (!running.waitFor(60, TimeUnit.SECONDS)) {
    running.destroyForcibly();
    throw new IOException("rwkv " + command[0] + " did not end within a minute");
  }
  if (running.exitValue() != 0) {
    throw new IOException("rwkv " + command[0] + " ended with " + running.exitValue());
  }
}
