/**
 * Looking at the WKV state: the wall of all heads and one head in full. Uses the engine's frames,
 * the place cursor and {@code rwkv.app.chart}.
 */
@NullMarked
package rwkv.app.state;

import org.jspecify.annotations.NullMarked;
