/**
 * Looking at decay: how long the chosen head remembers, channel by channel, and the half-lives of
 * all heads. Uses the engine's frames and analysis, the place cursor and {@code rwkv.app.chart}.
 */
@NullMarked
package rwkv.app.decay;

import org.jspecify.annotations.NullMarked;
