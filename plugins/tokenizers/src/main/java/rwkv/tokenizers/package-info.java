/**
 * The tokenizers that come with the workbench. What a file says is checked before it is believed.
 *
 * <ul>
 *   <li>{@code world}: the RWKV World vocabulary from its file {@code rwkv_vocab*.txt}; greedy
 *       longest match over bytes ({@link rwkv.tokenizers.TrieTokenizer}).
 *   <li>{@code vocabulary}: a small vocabulary of the same format beside a model.
 *   <li>{@code gguf}: the vocabulary that a model's GGUF file carries; the same match.
 *   <li>{@code 20b}: byte-level BPE from a {@code tokenizer.json}, above all that of GPT-NeoX 20B
 *       ({@link rwkv.tokenizers.BpeTokenizer}).
 *   <li>{@code byte}: plain bytes ({@link rwkv.tokenizers.ByteTokenizer}).
 *   <li>{@code ids}: the token ids themselves ({@link rwkv.tokenizers.IdTokenizer}).
 * </ul>
 *
 * <p>The BPE is written here rather than taken from a library. JTokkit, the well-kept one in Java,
 * does merges for vocabularies whose ids ascend with the ranks of their merges, as the 20B one's
 * do; but it reads no {@code tokenizer.json}, neither normalises nor looks for added tokens in
 * text, and brings three megabytes of other vocabularies for the sixty lines of {@link
 * rwkv.tokenizers.Merges}. The bindings to Hugging Face's own library do all of it, in native code
 * for each platform.
 *
 * <p>Uses {@code rwkv.plugin}, the engine's readers of model files, JSON and the JDK.
 */
@NullMarked
package rwkv.tokenizers;

import org.jspecify.annotations.NullMarked;
