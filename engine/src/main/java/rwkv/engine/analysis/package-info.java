/**
 * What can be read off states, decays and tensors: pure functions of numbers, without model,
 * session or screen.
 */
@NullMarked
package rwkv.engine.analysis;

import org.jspecify.annotations.NullMarked;
