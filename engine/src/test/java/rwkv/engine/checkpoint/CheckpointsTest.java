package rwkv.engine.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

class CheckpointsTest {

  @TempDir Path folder;

  @Test
  void theContentDecidesNotTheName() throws IOException {
    Path asPth = folder.resolve("really-safetensors.pth");
    SafetensorsWriter.write(asPth, List.of(Tensor.of("a", Shape.of(1), 1)), Map.of());
    PickleBuilder pickle = new PickleBuilder().op('}').text("a").tensor("FloatStorage", "0", 1);
    PthBuilder pth = new PthBuilder().pickle(pickle.op('s').stop()).storage("0", 7);
    Path asSafetensors = pth.writeTo(folder.resolve("really-pth.safetensors"));
    try (Checkpoint first = Checkpoints.open(asPth);
        Checkpoint second = Checkpoints.open(asSafetensors)) {
      assertEquals("safetensors", first.format());
      assertEquals(asPth, first.path());
      assertEquals("PyTorch .pth", second.format());
    }
    Path asBin = new GgufBuilder().floats("a", new float[1], 1).writeTo(folder.resolve("a.bin"));
    Path asGguf = new BinBuilder(101, 0).floats("a", new float[1], 1).writeTo(asPth);
    try (Checkpoint first = Checkpoints.open(asBin);
        Checkpoint second = Checkpoints.open(asGguf)) {
      assertEquals("GGUF", first.format());
      assertEquals("rwkv.cpp .bin", second.format());
      assertEquals(List.of(asGguf), second.files());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lmgg\u0001\u0000\u0000\u0000\u0000 | an old GGML file",
        "version https://git-lfs.github.com/spec/v1 | git lfs pull",
        "<!DOCTYPE html><html lang=en> | is a web page",
        "<html><head> | is a web page",
        "{\"error\": \"not found\"} | is JSON text",
        "hello | neither a PyTorch .pth nor a safetensors, GGUF or rwkv.cpp .bin file",
      })
  void otherFilesAreRefusedWithAdvice(String content, String advice) throws IOException {
    Refused.opening(write(content.getBytes(StandardCharsets.ISO_8859_1)), advice);
  }

  @Test
  void otherBinaryFilesAreRefusedWithAdvice() throws IOException {
    byte[] legacy = {(byte) 0x80, 2, (byte) 0x8a, 0x0a, 0x6c, (byte) 0xfc, (byte) 0x9c, 0x46};
    Refused.opening(write(legacy), "before 1.6", "torch.save");
    Refused.opening(write(new byte[] {0x1f, (byte) 0x8b, 8, 0}), "compressed archive");
    Refused.opening(write(new byte[0]), "is empty");
    Refused.opening(
        write(new byte[1]), "neither a PyTorch .pth nor a safetensors, GGUF or rwkv.cpp .bin file");
    Refused.opening(
        write(new byte[100_000]),
        "neither a PyTorch .pth nor a safetensors, GGUF or rwkv.cpp .bin file");
  }

  @Test
  void whatIsNoFileIsRefused() {
    Refused.opening(folder.resolve("nowhere.pth"), "there is no such file");
    Refused.opening(folder.resolve("no/where.pth"), "there is no such file");
    Refused.opening(folder, "is a folder without a model");
  }

  @Test
  void aRefusedFileIsNotLeftMapped() throws IOException {
    Path maps = Path.of("/proc/self/maps");
    assumeTrue(Files.isReadable(maps), "no " + maps + " here to see what is mapped");
    Path file = write(new byte[100_000]);
    try (MappedFile mapped = MappedFile.open(file)) {
      assertTrue(Files.readString(maps).contains(mapped.path().toString()), "it can be seen");
    }
    Refused.opening(file);
    assertFalse(Files.readString(maps).contains(file.toString()));
  }

  private Path write(byte[] content) throws IOException {
    return Files.write(folder.resolve("model.pth"), content);
  }
}
