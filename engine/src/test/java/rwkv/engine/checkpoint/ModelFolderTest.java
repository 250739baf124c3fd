package rwkv.engine.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFolderTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"m.gguf", "M.GGUF", "m.bin", "m.pth", "m.safetensors"})
  void theOnlyModelInAFolderIsOpened(String name) throws IOException {
    Path file = new GgufBuilder().floats("a", new float[] {1}, 1).writeTo(folder.resolve(name));
    Files.writeString(folder.resolve("config.json"), "{\"a\": 1}");
    Files.write(folder.resolve(".hidden.pth"), new byte[1]);
    Files.createDirectories(folder.resolve("sub.pth"));
    try (Checkpoint checkpoint = Checkpoints.open(folder)) {
      assertEquals(folder, checkpoint.path());
      assertEquals(List.of(file), checkpoint.files());
      assertEquals("GGUF", checkpoint.format());
    }
  }

  @Test
  void aFolderWithoutAModelIsRefused() throws IOException {
    Refused.opening(folder, "is a folder without a model in it");
    Files.writeString(folder.resolve("config.json"), "{\"a\": 1}");
    Refused.opening(folder, "is a folder without a model in it", ".safetensors", ".gguf");
  }

  @Test
  void aFolderWithSeveralModelsIsRefusedWithTheirNames() throws IOException {
    Files.write(folder.resolve("a.pth"), new byte[1]);
    Files.write(folder.resolve("b.gguf"), new byte[1]);
    Refused.opening(folder, "is a folder with several models", "[a.pth, b.gguf]");
  }

  @Test
  void aDamagedModelInAFolderIsNamed() throws IOException {
    Path file = Files.write(folder.resolve("a.pth"), new byte[1]);
    Refused.opening(folder, file + ": is no model");
  }
}
