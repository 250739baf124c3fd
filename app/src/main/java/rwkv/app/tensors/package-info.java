/**
 * The tensors of the open file: a list with what their numbers are like, and one of them large.
 * Numbers are read in the background, and only while the file is open.
 */
@NullMarked
package rwkv.app.tensors;

import org.jspecify.annotations.NullMarked;
