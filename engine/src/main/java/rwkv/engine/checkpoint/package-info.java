/**
 * Reading and writing model files: PyTorch {@code .pth} and {@code .safetensors}. A checkpoint is a
 * map from names to tensors that lie in mapped memory; what a file says is checked before it is
 * believed, and nothing in a file is ever executed. Uses {@code tensor}.
 */
@NullMarked
package rwkv.engine.checkpoint;

import org.jspecify.annotations.NullMarked;
