package rwkv.engine.backend.cuda;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Launches that wait to be given to the card. A forward pass over the same buffers asks for the
 * same launches every time, so a sequence that comes a second time is made a graph, and from then
 * on the card gets it in one call: decoding a token costs one launch. Nobody has to tell where a
 * step begins or ends, and a look at a number in between only cuts the sequence in two.
 */
final class Commands {

  /** A model decoding alone and in a batch, traced and not, needs a few. */
  private static final int MOST_GRAPHS = 64;

  /** Sequences longer than this are sent in pieces, so that the card starts early. */
  private static final int LONGEST = 8192;

  private final Driver driver;
  private List<Launch> waiting = new ArrayList<>();

  /** What has been sent, and its graph if it has come more than once; the latest used last. */
  private final Map<List<Launch>, Long> sent =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<Launch>, Long> eldest) {
          if (size() <= MOST_GRAPHS) {
            return false;
          }
          destroy(eldest.getValue());
          return true;
        }
      };

  private static final long NONE = 0;

  Commands(Driver driver) {
    this.driver = driver;
  }

  void add(Launch launch) {
    waiting.add(launch);
    if (waiting.size() == LONGEST) {
      send();
    }
  }

  /** Whether launches wait that have not been sent. */
  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Gives the card everything that waits. */
  void send() {
    if (waiting.isEmpty()) {
      return;
    }
    List<Launch> sequence = waiting;
    waiting = new ArrayList<>(sequence.size());
    Long graph = sent.get(sequence);
    if (graph == null || sequence.size() == 1) {
      sequence.forEach(driver::launch);
      sent.putIfAbsent(sequence, NONE);
      return;
    }
    if (graph == NONE) {
      graph = driver.graph(sequence);
      sent.put(sequence, graph);
    }
    driver.launchGraph(graph);
  }

  private void destroy(long graph) {
    if (graph != NONE) {
      driver.destroyGraph(graph);
    }
  }

  /** Forgets what waits and all graphs. */
  void close() {
    waiting.clear();
    sent.values().forEach(this::destroy);
    sent.clear();
  }
}
