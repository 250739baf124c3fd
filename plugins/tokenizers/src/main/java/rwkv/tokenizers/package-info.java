/**
 * The tokenizers that come with the workbench: RWKV vocabulary files (the World vocabulary and
 * small ones beside a model) and plain bytes. Reads vocabulary files and nothing else; what a file
 * says is checked before it is believed. Uses {@code rwkv.plugin} and the JDK only.
 */
@NullMarked
package rwkv.tokenizers;

import org.jspecify.annotations.NullMarked;
