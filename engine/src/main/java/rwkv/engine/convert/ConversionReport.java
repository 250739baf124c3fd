package rwkv.engine.convert;

import java.util.Map;
import rwkv.engine.tensor.DType;

/**
 * What was written.
 *
 * @param bytesBefore of the old file or files
 * @param bytesAfter of the new file
 * @param tensors how many of each type
 * @param placeholders whether the vocabulary says nothing
 */
public record ConversionReport(
    long bytesBefore, long bytesAfter, Map<DType, Integer> tensors, boolean placeholders) {

  public ConversionReport {
    tensors = Map.copyOf(tensors);
  }
}
