/**
 * What a model computes on: which devices there are, which one was picked for which file, and how
 * much of its memory is used.
 */
@NullMarked
package rwkv.app.device;

import org.jspecify.annotations.NullMarked;
