/**
 * Reading and writing model files: PyTorch {@code .pth}, {@code .safetensors}, GGUF and rwkv.cpp
 * {@code .bin}. A checkpoint is a map from names to tensors that lie in mapped memory; what a file
 * says is checked before it is believed, and nothing in a file is ever executed. Uses {@code
 * tensor}.
 *
 * <p>{@link rwkv.engine.checkpoint.Checkpoints#open} is the way in, {@link
 * rwkv.engine.checkpoint.SafetensorsWriter}, {@link rwkv.engine.checkpoint.PthWriter} and {@link
 * rwkv.engine.checkpoint.GgufWriter} are the ways out, and {@link rwkv.engine.checkpoint.Tensors}
 * has the checks that a model makes of what it takes. Everything that can be wrong with a file ends
 * in a {@link rwkv.engine.checkpoint.CheckpointException}.
 *
 * <p>What is read takes less than twice the file's size in memory, and a constant, whatever the
 * file says: data is mapped, straightened copies of strided tensors together take no more than the
 * file, and counts, names and texts are capped far above what any model has. Names stay the file's
 * own; what they mean is for others to say.
 */
@NullMarked
package rwkv.engine.checkpoint;

import org.jspecify.annotations.NullMarked;
