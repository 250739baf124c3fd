package rwkv.engine.convert;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import rwkv.engine.tensor.DType;

/**
 * What is to be written.
 *
 * @param out the new file
 * @param dtype of matrices, and in safetensors of everything; null to keep what there is, as far as
 *     the format can
 * @param vocabulary for GGUF; null for the one in the old file, or placeholders
 */
public record Conversion(
    Path out, FileFormat format, @Nullable DType dtype, @Nullable GgufVocabulary vocabulary) {}
