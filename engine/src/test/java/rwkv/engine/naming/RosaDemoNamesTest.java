package rwkv.engine.naming;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.engine.TinyModel8;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.checkpoint.SafetensorsWriter;
import rwkv.engine.tensor.Tensor;

/** The demonstrations of ROSA have names of their own, and blocks counted from 1. */
class RosaDemoNamesTest {

  @TempDir Path folder;

  private static List<Tensor> official() {
    List<Tensor> tensors =
        new ArrayList<>(TinyModel8.ROSA_7.tensors(new Random(1), TinyModel8.small()));
    tensors.removeIf(tensor -> tensor.name().contains("ln0"));
    tensors.add(Tensor.of("head.bias", new int[61]));
    return tensors;
  }

  /** As the program that trained them calls a tensor. */
  private static String demo(String name) {
    String plain =
        name.replaceFirst("^emb\\.", "e.")
            .replaceFirst("^head\\.", "o.")
            .replaceFirst("^ln_out\\.", "lno.");
    if (!plain.startsWith("blocks.")) {
      return plain;
    }
    String[] parts = plain.split("\\.", 4);
    int block = Integer.parseInt(parts[1]) + 1;
    String part =
        switch (parts[2]) {
          case "att" -> "rwkv" + block;
          case "ln1" -> "ln" + block + "a";
          case "ln2" -> "ln" + block + "b";
          case "ln3" -> "ln" + block + "c";
          default -> parts[2] + block;
        };
    return part + "." + parts[3];
  }

  private Checkpoint written(List<Tensor> tensors) {
    Path file = folder.resolve("demo.safetensors");
    SafetensorsWriter.write(file, tensors, Map.of());
    return Checkpoints.open(file);
  }

  @Test
  void everyTensorIsFoundUnderItsOfficialName() {
    List<Tensor> official = official();
    List<Tensor> demos = official.stream().map(t -> t.named(demo(t.name()))).toList();
    assertTrue(demos.stream().anyMatch(tensor -> tensor.name().equals("rosa2.rosa_qkv.emb")));
    try (Checkpoint file = written(demos)) {
      Map<String, Part> parts = OfficialTensors.of(file).parts();
      Set<String> names = official.stream().map(Tensor::name).collect(Collectors.toSet());
      assertEquals(names, parts.keySet());
      parts.forEach((name, part) -> assertEquals(demo(name), part.tensor().name()));
    }
  }

  @Test
  void whatHasNoOfficialNameKeepsItsOwn() {
    List<Tensor> demos = new ArrayList<>();
    official().forEach(tensor -> demos.add(tensor.named(demo(tensor.name()))));
    demos.add(Tensor.of("rosa0.q.weight", 1));
    demos.add(Tensor.of("ln1d.weight", 1));
    try (Checkpoint file = written(demos)) {
      Set<String> names = OfficialTensors.of(file).parts().keySet();
      assertTrue(names.containsAll(Set.of("rosa0.q.weight", "ln1d.weight")), names.toString());
    }
  }

  @Test
  void twoTensorsForOneOfficialNameAreRefused() {
    List<Tensor> demos = new ArrayList<>();
    official().forEach(tensor -> demos.add(tensor.named(demo(tensor.name()))));
    demos.add(Tensor.of("emb.weight", 1));
    try (Checkpoint file = written(demos)) {
      CheckpointException problem =
          assertThrows(CheckpointException.class, () -> OfficialTensors.of(file));
      assertTrue(problem.getMessage().contains("e.weight"), problem.getMessage());
      assertTrue(problem.getMessage().contains("emb.weight"), problem.getMessage());
    }
  }
}
