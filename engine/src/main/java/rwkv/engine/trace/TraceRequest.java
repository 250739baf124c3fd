package rwkv.engine.trace;

import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * Which sites of which layers someone wants copies of.
 *
 * @param layers tells whether a layer is wanted
 */
public record TraceRequest(Set<Site> sites, IntPredicate layers) {

  public TraceRequest {
    sites = Set.copyOf(sites);
  }

  /** These sites in every layer. */
  public static TraceRequest of(Site... sites) {
    return new TraceRequest(Set.of(sites), _ -> true);
  }

  /** A trace that copies what is wanted and hands it on; nothing else is copied. */
  public Trace to(Consumer<TraceEvent> sink) {
    return (layer, site, values) -> {
      if (sites.contains(site) && layers.test(layer)) {
        sink.accept(
            new TraceEvent(
                layer, site, values.batch(), values.time(), values.channels(), values.toArray()));
      }
    };
  }
}
