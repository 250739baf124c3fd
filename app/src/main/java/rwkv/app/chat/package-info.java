/**
 * Talking with a model, turn by turn, on the session that every picture shows: the state is kept
 * between turns, and nothing is read twice.
 */
@NullMarked
package rwkv.app.chat;

import org.jspecify.annotations.NullMarked;
