/**
 * What can be read off states and decays: pure functions of numbers, without model, session or
 * screen. Uses nothing else of the engine.
 */
@NullMarked
package rwkv.engine.analysis;

import org.jspecify.annotations.NullMarked;
