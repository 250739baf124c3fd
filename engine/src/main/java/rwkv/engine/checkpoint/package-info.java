/**
 * Reading and writing model files: PyTorch {@code .pth} and {@code .safetensors}. A checkpoint is a
 * map from names to tensors that lie in mapped memory; what a file says is checked before it is
 * believed, and nothing in a file is ever executed. Uses {@code tensor}.
 *
 * <p>{@link rwkv.engine.checkpoint.Checkpoints#open} is the way in, {@link
 * rwkv.engine.checkpoint.SafetensorsWriter#write} the way out, and {@link
 * rwkv.engine.checkpoint.Tensors} has the checks that a model makes of what it takes. Everything
 * that can be wrong with a file ends in a {@link rwkv.engine.checkpoint.CheckpointException}.
 */
@NullMarked
package rwkv.engine.checkpoint;

import org.jspecify.annotations.NullMarked;
