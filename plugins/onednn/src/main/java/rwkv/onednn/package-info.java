/**
 * Backend {@code onednn}: the CPU's kernels with products of many tokens (prompts, batches) by
 * oneDNN, in bf16 on matrix units (Intel AMX).
 *
 * <p>The module is not part of the program. {@code mvn -Ponednn package} puts it there, and so does
 * its artifact {@code rwkv:rwkv-onednn} on the class path; {@code --backend onednn} then asks for
 * it. Where it cannot be used (there is a library for Linux on x86-64 alone, and no use in it
 * without matrix units) {@link rwkv.onednn.OneDnnBackend#availability} says why in a sentence; the
 * library is loaded when the CPU has passed, and used when its products have ({@link
 * rwkv.onednn.SelfTest}).
 *
 * <p>oneDNN is called through its C functions ({@link rwkv.onednn.OneDnn}). Of {@code
 * org.bytedeco:dnnl} only the jar with the libraries is needed, 27 MB; they are unpacked into the
 * folder of temporary files (90 MB, which must allow execution) and deleted as soon as they are
 * loaded. oneDNN's build uses OpenMP, whose threads would wait spinning; so every thread of the
 * kernels tells OpenMP to stay alone and multiplies a piece.
 *
 * <p>Uses the engine's {@code tensor}, {@code backend} and {@code backend.cpu}.
 */
@NullMarked
package rwkv.onednn;

import org.jspecify.annotations.NullMarked;
