package rwkv.app.open;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesTest {

  @TempDir Path folder;

  @Test
  void samplesAreModelsAndNothingElse() throws IOException {
    Path model = Files.createDirectories(folder.resolve("a")).resolve("a.pth");
    for (String name :
        List.of("a/a.pth", "a/a-early.pth", "a/a.vectors.safetensors", "a/README.md", "b.txt")) {
      Files.createFile(folder.resolve(name));
    }
    assertEquals(
        List.of(model, model.resolveSibling("a-early.pth")), SampleModels.modelsIn(folder));
    assertEquals(Optional.empty(), SampleModels.promptFor(model));
    Files.writeString(model.resolveSibling("prompt.txt"), "Once\n");
    assertEquals(Optional.of("Once"), SampleModels.promptFor(model));
  }

  @Test
  void samplesOfTheIndexComeFirstAndInItsOrder() throws IOException {
    for (String name : List.of("a/a.pth", "b/b.pth", "c/c.pth")) {
      Files.createDirectories(folder.resolve(name).getParent());
      Files.createFile(folder.resolve(name));
    }
    Files.writeString(
        folder.resolve("samples.txt"), "c/c.pth  tells stories\nmissing/d.pth gone\n\na/a.pth\n");
    assertEquals(
        List.of(
            new SampleModels.Sample(folder.resolve("c/c.pth"), "tells stories"),
            new SampleModels.Sample(folder.resolve("a/a.pth"), ""),
            new SampleModels.Sample(folder.resolve("b/b.pth"), "")),
        SampleModels.samplesIn(folder));
  }

  @Test
  void recentFilesAreFewAndNewestFirst() {
    RecentFiles recents = new RecentFiles();
    IntStream.range(0, 15).forEach(i -> recents.opened(folder.resolve("m" + i)));
    recents.opened(folder.resolve("m9"));
    assertEquals(RecentFiles.MOST, recents.files().size());
    assertEquals(folder.resolve("m9"), recents.files().getFirst());
    assertEquals(1, recents.files().stream().filter(folder.resolve("m9")::equals).count());
    recents.remove(folder.resolve("m9"));
    assertFalse(recents.files().contains(folder.resolve("m9")));
    assertTrue(RecentFiles.isMissing(folder.resolve("m1")));
  }

  @Test
  void ofSeveralDroppedFilesTheModelIsTaken() {
    File text = new File("readme.txt");
    File model = new File("x.safetensors");
    assertEquals(Optional.of(model.toPath()), FileDrop.pick(List.of(text, model)));
    assertEquals(Optional.of(text.toPath()), FileDrop.pick(List.of(text)));
    assertEquals(Optional.empty(), FileDrop.pick(List.of()));
  }
}
