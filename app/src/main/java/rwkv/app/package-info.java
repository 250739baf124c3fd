/**
 * The program: its start, the main window that puts the views together, what it remembers, and
 * {@link rwkv.app.FxBridge}, the only class that knows about JavaFX's threads and pulses.
 */
@NullMarked
package rwkv.app;

import org.jspecify.annotations.NullMarked;
