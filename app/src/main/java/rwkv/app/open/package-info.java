/**
 * Opening models: bundled samples, files, recent files, files dropped on the window; loading in the
 * background; the choice of a tokenizer; and the model card.
 */
@NullMarked
package rwkv.app.open;

import org.jspecify.annotations.NullMarked;
