/**
 * Writing a prompt and watching a model go on: the transcript with every token's probability, the
 * controls, the pace and the sampler.
 */
@NullMarked
package rwkv.app.generate;

import org.jspecify.annotations.NullMarked;
