package rwkv.engine.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Tensor;

/** Writes whole models for tests in the formats that nothing else here writes. */
public final class ModelFiles {

  private ModelFiles() {}

  /** As {@code torch.save} writes a dict, every tensor with a storage of its own. */
  public static Path pth(Path file, List<Tensor> tensors) {
    PthBuilder archive = new PthBuilder().root("model").descriptors();
    PickleBuilder dict = new PickleBuilder().op('}').op('(');
    for (int i = 0; i < tensors.size(); i++) {
      Tensor tensor = tensors.get(i);
      String type =
          switch (tensor.dtype()) {
            case F32 -> "FloatStorage";
            case F16 -> "HalfStorage";
            case BF16 -> "BFloat16Storage";
            default -> throw new IllegalArgumentException(tensor.toString());
          };
      long[] sizes = tensor.shape().sizes().stream().mapToLong(Long::longValue).toArray();
      dict.text(tensor.name()).tensor(type, "" + i, sizes);
      archive.entry("data/" + i, tensor.data().toArray(ValueLayout.JAVA_BYTE));
    }
    archive.pickle(dict.op('u').stop());
    return written(file, () -> archive.writeTo(file));
  }

  /** As rwkv.cpp writes tensors that have its shapes already. */
  public static Path rwkvCpp(Path file, List<Tensor> tensors, DType mostly) {
    Tensor embedding =
        tensors.stream().filter(t -> t.name().equals("emb.weight")).findFirst().orElseThrow();
    long layers = tensors.stream().filter(t -> t.name().endsWith("ln1.weight")).count();
    LittleEndian out = new LittleEndian().utf8("fmgg").u4(101);
    out.u4(embedding.shape().size(0)).u4(embedding.shape().size(1)).u4(layers).u4(type(mostly));
    for (Tensor tensor : tensors) {
      out.u4(tensor.shape().rank()).u4(tensor.name().length()).u4(type(tensor.dtype()));
      tensor.shape().sizes().reversed().forEach(out::u4);
      out.utf8(tensor.name()).bytes(tensor.data().toArray(ValueLayout.JAVA_BYTE));
    }
    return written(file, () -> Files.write(file, out.toBytes()));
  }

  private static int type(DType dtype) {
    return switch (dtype) {
      case F32 -> BinBuilder.FP32;
      case F16 -> BinBuilder.FP16;
      case Q4_0 -> BinBuilder.Q4_0;
      case Q4_1 -> BinBuilder.Q4_1;
      case Q5_0 -> BinBuilder.Q5_0;
      case Q5_1 -> BinBuilder.Q5_1;
      case Q8_0 -> BinBuilder.Q8_0;
      default -> throw new IllegalArgumentException("rwkv.cpp has no " + dtype);
    };
  }

  private interface Writing {
    Path run() throws IOException;
  }

  private static Path written(Path file, Writing writing) {
    try {
      return writing.run();
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }
}
