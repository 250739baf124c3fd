/**
 * How everything looks: AtlantaFX Primer in light and dark with the application's own style sheet,
 * and the few helpers that every view needs. Uses JavaFX only.
 */
@NullMarked
package rwkv.app.theme;

import org.jspecify.annotations.NullMarked;
