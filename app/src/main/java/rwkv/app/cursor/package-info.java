/**
 * Where in the model every view looks: shared by all views of a session, so that choosing a head in
 * one moves them all. Uses JavaFX properties only.
 */
@NullMarked
package rwkv.app.cursor;

import org.jspecify.annotations.NullMarked;
