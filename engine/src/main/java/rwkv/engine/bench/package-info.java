/**
 * Measuring: how fast a model reads and writes, and how fast the machine's memory can be read,
 * which bounds it. Nothing here prints. Uses {@code session} and what stands above it.
 */
@NullMarked
package rwkv.engine.bench;

import org.jspecify.annotations.NullMarked;
