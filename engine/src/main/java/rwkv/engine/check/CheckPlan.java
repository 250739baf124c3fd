package rwkv.engine.check;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What to check.
 *
 * @param parts which of them
 * @param folders where reference models and sample models lie
 * @param threads of the processor, at least 1
 * @param quick whether to measure a tenth and to decode a shorter text
 * @param shapes of the benchmark, or none for those that suit the device
 * @param seed of the random input of kernels
 * @param commit of the program, for a person
 */
public record CheckPlan(
    Set<Part> parts,
    List<Path> folders,
    int threads,
    boolean quick,
    List<String> shapes,
    long seed,
    String commit) {

  public CheckPlan {
    parts = Set.copyOf(parts);
    folders = List.copyOf(folders);
    shapes = List.copyOf(shapes);
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + ", it must be at least 1");
    }
  }
}
