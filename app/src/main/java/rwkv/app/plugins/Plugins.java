package rwkv.app.plugins;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import rwkv.app.plugins.PluginNotes.Note;
import rwkv.plugin.Probe;
import rwkv.plugin.TokenizerProvider;

/**
 * The plugins of one folder. May be used by several threads; whatever changes something loads what
 * is to be loaded before it returns, which may take seconds. Reading never waits.
 */
public final class Plugins {

  private static final String NOTES = "plugins.json";

  private final JarFolder folder;
  private final PluginNotes notes;
  private final Limits limits;
  private final boolean remembering;
  private final Map<String, LoadedPlugin> loaded = new HashMap<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile Found found = Found.NOTHING;

  private record Found(
      List<PluginEntry> entries, List<PluginProbe> probes, List<TokenizerProvider> tokenizers) {
    static final Found NOTHING = new Found(List.of(), List.of(), List.of());

    Found {
      entries = List.copyOf(entries);
      probes = List.copyOf(probes);
      tokenizers = List.copyOf(tokenizers);
    }
  }

  /**
   * @param folder of jars, which need not exist; what a person said about them is kept in it too
   * @param remembering whether it is written down when a plugin fails
   */
  public Plugins(Path folder, Limits limits, boolean remembering) {
    this.folder = new JarFolder(folder);
    this.notes = new PluginNotes(folder.resolve(NOTES));
    this.limits = limits;
    this.remembering = remembering;
  }

  /** The plugins of a folder as they are now, with those loaded that a person has allowed. */
  public static Plugins load(Path folder) {
    Plugins plugins = new Plugins(folder, Limits.USUAL, false);
    plugins.look();
    return plugins;
  }

  /** Whether a file is a jar by its name. */
  public static boolean isJar(Path file) {
    return JarFolder.isJar(file);
  }

  /** The jars of the folder, by name. */
  public List<PluginEntry> entries() {
    return found.entries;
  }

  /** The probes that take part. */
  public List<PluginProbe> probes() {
    return found.probes;
  }

  /** The tokenizers that take part. */
  public List<TokenizerProvider> tokenizers() {
    return found.tokenizers;
  }

  /** Runs whenever the lists may have changed, on the thread that changed them. */
  public void listen(Runnable changed) {
    listeners.add(changed);
  }

  public Path folder() {
    return folder.path();
  }

  /**
   * Notices jars that have come, gone or changed. A jar that is still being written has to wait.
   */
  public synchronized void look() {
    if (folder.look()) {
      update();
    }
  }

  /** A person allows it to run, with the person's rights; or does not. */
  public void allow(PluginJar jar, boolean isAllowed) {
    change(jar, _ -> isAllowed ? Note.ALLOWED : Note.DECLINED);
  }

  /** It is to take part again; one that was not allowed waits for consent once more. */
  public void enable(PluginJar jar) {
    change(jar, note -> note.allowed() ? note.withEnabled(true) : Note.NONE);
  }

  /** It is to take part no more. */
  public void disable(PluginJar jar) {
    change(jar, note -> note.asked() ? note.withEnabled(false) : Note.DECLINED);
  }

  private synchronized void change(PluginJar jar, UnaryOperator<Note> change) {
    notes.put(jar.sha256(), change.apply(notes.of(jar.sha256())));
    notes.save();
    update();
  }

  /**
   * Takes a jar out of the folder, into one for removed jars.
   *
   * @throws IOException in a sentence, if it cannot be moved
   */
  public synchronized void remove(PluginJar jar) throws IOException {
    folder.remove(jar.file());
    update();
  }

  /**
   * Puts a removed jar back.
   *
   * @throws IOException in a sentence, if it cannot be moved
   */
  public synchronized void restore(PluginJar jar) throws IOException {
    folder.restore(jar.file());
    update();
  }

  /**
   * Copies a jar into the folder. One of the same name is removed.
   *
   * @return what it says of itself
   * @throws IOException in a sentence, if it is no plugin or cannot be copied
   */
  public synchronized PluginJar install(Path jar) throws IOException {
    PluginJar read = JarReader.read(jar);
    if (!read.problem().isEmpty()) {
      throw new IOException(read.problem());
    }
    PluginJar installed = folder.install(jar);
    update();
    return installed;
  }

  private synchronized void setAside(String sha256, String reason) {
    notes.put(sha256, notes.of(sha256).withSetAside(reason));
    if (remembering) {
      notes.save();
    }
    loaded.remove(sha256);
    arrange();
  }

  /** Loads what is to be, drops what is not. */
  private void update() {
    List<PluginJar> jars = folder.jars();
    loaded.keySet().removeIf(sha -> !notes.of(sha).runs() || !contains(jars, sha));
    for (PluginJar jar : jars) {
      String sha256 = jar.sha256();
      if (jar.problem().isEmpty() && notes.of(sha256).runs() && !loaded.containsKey(sha256)) {
        load(jar);
      }
    }
    arrange();
  }

  private static boolean contains(List<PluginJar> jars, String sha256) {
    return jars.stream().anyMatch(jar -> jar.sha256().equals(sha256));
  }

  private void load(PluginJar jar) {
    String sha256 = jar.sha256();
    try {
      LoadedPlugin plugin = LoadedPlugin.load(jar, limits, reason -> setAside(sha256, reason));
      loaded.put(sha256, plugin);
    } catch (PluginFailure e) {
      // It has been set aside.
    } catch (IOException e) {
      notes.put(sha256, notes.of(sha256).withSetAside(Words.sentence(e)));
    }
  }

  private void arrange() {
    List<PluginEntry> entries = new ArrayList<>();
    List<PluginProbe> probes = new ArrayList<>();
    List<TokenizerProvider> tokenizers = new ArrayList<>();
    for (PluginJar jar : folder.jars()) {
      LoadedPlugin plugin = jar.problem().isEmpty() ? loaded.get(jar.sha256()) : null;
      entries.add(entry(jar, plugin == null ? jar.offers() : plugin.offers()));
      if (plugin != null) {
        for (Probe probe : plugin.probes()) {
          probes.add(new PluginProbe(probe, origin(jar)));
        }
        tokenizers.addAll(plugin.tokenizers());
      }
    }
    found = new Found(entries, probes, tokenizers);
    listeners.forEach(Runnable::run);
  }

  private PluginEntry entry(PluginJar jar, List<String> offers) {
    Note note = notes.of(jar.sha256());
    if (!jar.problem().isEmpty()) {
      return new PluginEntry(jar, PluginState.SET_ASIDE, jar.problem(), offers);
    }
    if (!note.setAside().isEmpty()) {
      return new PluginEntry(jar, PluginState.SET_ASIDE, note.setAside(), offers);
    }
    PluginState state =
        !note.asked()
            ? PluginState.WAITING
            : note.runs() ? PluginState.ENABLED : PluginState.DISABLED;
    return new PluginEntry(jar, state, "", offers);
  }

  private static String origin(PluginJar jar) {
    return "%s (%s)"
        .formatted((jar.name() + " " + jar.version()).strip(), PluginJar.fileName(jar.file()));
  }
}
