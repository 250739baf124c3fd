/**
 * How models were trained to be talked to: prompt templates, the sequences that end an answer, and
 * reading an answer while it is made. Text and tokens only; no JavaFX.
 */
@NullMarked
package rwkv.app.prompt;

import org.jspecify.annotations.NullMarked;
