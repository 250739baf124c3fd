package rwkv.engine.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessorsTest {

  @TempDir Path folder;

  @Test
  void twoProcessorsOfOneCoreCountOnce() throws IOException {
    assertEquals(2, machine("0-3", "0,2", "1,3", "0,2", "1,3").cores(4));
  }

  @Test
  void aCoreThatThisProcessMayNotUseDoesNotCount() throws IOException {
    assertEquals(1, machine("0,2", "0,2", "1,3", "0,2", "1,3").cores(2));
    assertEquals(3, machine("0-1,3", "0", "1", "2", "3").cores(3));
  }

  @Test
  void aContainersShareIsTheMost() throws IOException {
    assertEquals(2, machine("0-3", "0", "1", "2", "3").cores(2));
  }

  @Test
  void withoutWordFromTheSystemEveryProcessorCounts() {
    assertEquals(6, new Processors(folder.resolve("status"), folder).cores(6));
  }

  @Test
  void aListThatCannotBeReadIsNoWord() throws IOException {
    assertEquals(6, machine("many", "0").cores(6));
  }

  @Test
  void hereIsAtLeastOne() {
    int processors = Runtime.getRuntime().availableProcessors();
    int cores = Processors.here().cores(processors);
    assertTrue(cores >= 1 && cores <= processors);
  }

  private Processors machine(String allowed, String... siblings) throws IOException {
    for (int cpu = 0; cpu < siblings.length; cpu++) {
      Path topology = Files.createDirectories(folder.resolve("cpu" + cpu + "/topology"));
      Files.writeString(topology.resolve("thread_siblings_list"), siblings[cpu] + "\n");
    }
    Path status = folder.resolve("status");
    Files.writeString(status, "Name:\tjava\nCpus_allowed_list:\t" + allowed + "\n");
    return new Processors(status, folder);
  }
}
