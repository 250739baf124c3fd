package rwkv.engine.naming;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/** llama.cpp's names, and metadata that must say what the tensors say. */
class GgufNamesTest {

  private static final int C = 4;

  private static Map<String, String> metadata(String architecture) {
    Map<String, String> metadata = new HashMap<>();
    metadata.put("general.architecture", architecture);
    metadata.put(architecture + ".embedding_length", "4");
    metadata.put(architecture + ".block_count", "3");
    metadata.put(architecture + ".wkv.head_size", "2");
    return metadata;
  }

  private static Tensor counting(String name, long... sizes) {
    Shape shape = Shape.of(sizes);
    float[] values = new float[(int) shape.count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return Tensor.of(name, shape, values);
  }

  private static Map<String, Part> parts(Map<String, String> metadata, Tensor... tensors) {
    List<Tensor> all = new ArrayList<>(List.of(tensors));
    all.add(counting("blk.2.attn_norm.bias", C));
    return OfficialTensors.of(InMemory.of("GGUF", all, metadata)).parts();
  }

  private static String refusal(Map<String, String> metadata, Tensor... tensors) {
    return assertThrows(CheckpointException.class, () -> parts(metadata, tensors)).getMessage();
  }

  @Test
  void joinedMixingWeightsAreTakenApartInTheirOrder() {
    Map<String, Part> seven =
        parts(metadata("rwkv7"), counting("blk.1.time_mix_lerp_fused.weight", 6, 1, 1, C));
    String[] names = {"x_r", "x_w", "x_k", "x_v", "x_a", "x_g"};
    for (int i = 0; i < names.length; i++) {
      Part part = seven.get("blocks.1.att." + names[i]);
      assertEquals(Shape.of(1, 1, C), part.shape());
      assertEquals(i * C, part.tensor().get(0));
      assertEquals("blk.1.time_mix_lerp_fused.weight", part.tensor().name());
    }
    Map<String, Part> six =
        parts(metadata("rwkv6"), counting("blk.1.time_mix_lerp_fused.weight", 5, 1, 1, C));
    String[] older = {"w", "k", "v", "r", "g"};
    for (int i = 0; i < older.length; i++) {
      assertEquals(i * C, six.get("blocks.1.att.time_maa_" + older[i]).tensor().get(0));
    }
  }

  @Test
  void mixingWeightsOfOlderFilesAreFoundOneByOne() {
    Map<String, Part> parts =
        parts(metadata("rwkv6"), counting("blk.1.time_mix_lerp_r.weight", 1, 1, C));
    assertEquals(Shape.of(1, 1, C), parts.get("blocks.1.att.time_maa_r").shape());
  }

  @Test
  void lowRankMatricesAreSwapped() {
    Part down =
        parts(metadata("rwkv7"), counting("blk.1.time_mix_w1.weight", 3, C)).get("blocks.1.att.w1");
    assertEquals(Shape.of(C, 3), down.shape());
    assertArrayEquals(new double[] {0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11}, Undone.values(down));
    Part up =
        parts(metadata("rwkv6"), counting("blk.1.time_mix_w2.weight", 5, C, 2))
            .get("blocks.1.att.time_maa_w2");
    assertEquals(Shape.of(5, 2, C), up.shape());
    assertArrayEquals(
        new double[] {0, 2, 4, 6, 1, 3, 5, 7}, java.util.Arrays.copyOf(Undone.values(up), 8));
  }

  @Test
  void aFlatBonusHasARowForEveryHeadAgain() {
    Map<String, Part> parts = parts(metadata("rwkv7"), counting("blk.1.time_mix_r_k.weight", C));
    assertEquals(Shape.of(2, 2), parts.get("blocks.1.att.r_k").shape());
  }

  @Test
  void theValueResidualOfBlock0IsNoTensorOfTheModel() {
    Map<String, Part> parts =
        parts(
            metadata("rwkv7"),
            counting("blk.0.time_mix_v1.weight", 3, C),
            counting("blk.1.time_mix_v1.weight", 3, C));
    assertFalse(parts.keySet().stream().anyMatch(name -> name.contains("0.")), parts::toString);
    assertTrue(parts.containsKey("blocks.1.att.v1"));
  }

  @ParameterizedTest
  @CsvSource({"0,0,0", "1,0,0", "1,1,1", "1,2,2", "2,1,0", "2,2,1"})
  void rescaledMatricesWereHalvedOnceForEverySoManyLayers(int rescale, int layer, int halvings) {
    Map<String, String> metadata = metadata("rwkv6");
    metadata.put("rwkv6.rescale_every_n_layers", "" + rescale);
    Map<String, Part> parts =
        parts(
            metadata,
            counting("blk." + layer + ".time_mix_output.weight", C, C),
            counting("blk." + layer + ".channel_mix_value.weight", C, 8),
            counting("blk." + layer + ".channel_mix_key.weight", 8, C));
    assertEquals(halvings, parts.get("blocks." + layer + ".att.output.weight").halvings());
    assertEquals(halvings, parts.get("blocks." + layer + ".ffn.value.weight").halvings());
    assertEquals(0, parts.get("blocks." + layer + ".ffn.key.weight").halvings());
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "rwkv6qwen2", "arwkv7", "rwkv8"})
  void otherArchitecturesAreRefusedByName(String architecture) {
    String message = refusal(metadata(architecture));
    assertTrue(message.contains("architecture " + architecture), message);
    assertTrue(message.contains("rwkv6 and rwkv7"), message);
  }

  @Test
  void aPieceOfAModelIsRefused() {
    Map<String, String> metadata = metadata("rwkv7");
    metadata.put("split.count", "3");
    assertTrue(refusal(metadata).contains("one of 3 pieces"));
  }

  @ParameterizedTest
  @CsvSource({
    "embedding_length,8",
    "embedding_length,",
    "block_count,2",
    "block_count,many",
    "block_count,",
    "wkv.head_size,3",
    "wkv.head_size,0",
    "wkv.head_size,",
    "feed_forward_length,9"
  })
  void metadataThatContradictsTheTensorsIsRefusedByName(String key, String value) {
    Map<String, String> metadata = metadata("rwkv7");
    if (value == null) {
      metadata.remove("rwkv7." + key);
    } else {
      metadata.put("rwkv7." + key, value);
    }
    String message =
        refusal(
            metadata,
            counting("token_embd.weight", 5, C),
            counting("blk.0.channel_mix_key.weight", 8, C));
    assertTrue(message.contains("rwkv7." + key), message);
  }
}
