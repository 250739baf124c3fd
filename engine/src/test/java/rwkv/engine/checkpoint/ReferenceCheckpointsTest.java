package rwkv.engine.checkpoint;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import rwkv.engine.ReferenceData;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/** The files that PyTorch and others have written. */
class ReferenceCheckpointsTest {

  @Test
  void everyPthIsRead() {
    List<Path> files = ReferenceData.requireAll(".pth");
    assertTrue(files.size() >= 20, "only " + files);
    assertAll(files.stream().map(file -> () -> assertFloatingAndFinite(file)));
  }

  @Test
  void everySafetensorsIsRead() {
    List<Path> files = ReferenceData.requireAll(".safetensors");
    assertTrue(files.size() >= 60, "only " + files);
    assertAll(
        files.stream()
            .map(file ->
                () -> {
                  try (Checkpoint checkpoint = Checkpoints.open(file)) {
                    assertEquals("safetensors", checkpoint.format());
                    assertFalse(checkpoint.tensors().isEmpty(), file::toString);
                  }
                }));
  }

  @Test
  void otherFilesAreRefusedWithAdvice() {
    ReferenceData.requireAll(".json").forEach(file -> Refused.opening(file, "JSON"));
  }

  @Test
  void theNamesAndShapesOfRwkv7() {
    try (Checkpoint checkpoint =
        Checkpoints.open(ReferenceData.require("v7/v7-c128-l3-v256-bf16.pth"))) {
      List<String> names = List.copyOf(checkpoint.tensors().keySet());
      assertEquals(105, names.size());
      assertEquals("emb.weight", names.getFirst());
      assertEquals("head.weight", names.getLast());
      assertTrue(checkpoint.tensors().values().stream().allMatch(t -> t.dtype() == DType.BF16));
      Tensors.require(checkpoint, "emb.weight", Shape.of(256, 128));
      Tensors.require(checkpoint, "blocks.0.att.r_k", Shape.of(2, 64));
      Tensors.require(checkpoint, "blocks.2.att.x_r", Shape.of(1, 1, 128));
      Tensors.requireSqueezed(checkpoint, "blocks.2.att.w0", Shape.of(128));
      Tensors.require(checkpoint, "blocks.1.ffn.key.weight", Shape.of(512, 128));
    }
  }

  @Test
  void pthAndSafetensorsHoldTheSameTensors() {
    try (Checkpoint pth = Checkpoints.open(ReferenceData.require("v7/v7-c128-l3-v256-bf16.pth"));
        Checkpoint safetensors =
            Checkpoints.open(ReferenceData.require("v7/v7-c128-l3-v256-bf16.safetensors"))) {
      assertEquals(pth.tensors().keySet(), safetensors.tensors().keySet());
      for (Tensor tensor : pth.tensors().values()) {
        Tensor other = Tensors.require(safetensors, tensor.name(), tensor.shape());
        assertEquals(tensor.dtype(), other.dtype());
        assertArrayEquals(bytes(tensor.data()), bytes(other.data()), tensor::toString);
      }
    }
  }

  @Test
  void twoViewsOfOneStorageAreTwoTensors() {
    Path file = ReferenceData.require("v7/v7-world-c64-l2-v65536-views-bf16.pth");
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      Tensor emb = Tensors.require(checkpoint, "emb.weight", Shape.of(65536, 64));
      Tensor head = Tensors.require(checkpoint, "head.weight", Shape.of(65536, 64));
      long apart = head.data().address() - emb.data().address();
      assertNotEquals(0, apart);
      assertTrue(Math.abs(apart) < emb.data().byteSize(), "they overlap, " + apart + " apart");
      int row = 64 * DType.BF16.bytes();
      assertEquals(0, apart % row);
      long shared = emb.data().byteSize() - Math.abs(apart);
      MemorySegment first = apart > 0 ? emb.data() : head.data();
      MemorySegment second = apart > 0 ? head.data() : emb.data();
      assertEquals(-1, first.asSlice(Math.abs(apart)).mismatch(second.asSlice(0, shared)));
    }
  }

  @Test
  void initialStatesAreRead() {
    Path file = ReferenceData.require("v7/v7-c128-l3.timestate-fp32.pth");
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      assertEquals(3, checkpoint.tensors().size());
      Tensors.require(checkpoint, "blocks.2.att.time_state", Shape.of(2, 64, 64));
    }
  }

  private static void assertFloatingAndFinite(Path file) {
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      assertEquals("PyTorch .pth", checkpoint.format());
      assertTrue(checkpoint.metadata().isEmpty(), file + " " + checkpoint.metadata());
      for (Tensor tensor : checkpoint.tensors().values()) {
        Tensors.requireFloating(checkpoint, tensor);
        assertEquals(OptionalLong.empty(), Tensors.findNonFinite(tensor), file + " " + tensor);
        assertTrue(Stream.of(0L, tensor.count() - 1).allMatch(i -> tensor.get(i) < 1e6));
      }
    }
  }

  private static byte[] bytes(MemorySegment segment) {
    return segment.toArray(ValueLayout.JAVA_BYTE);
  }
}
