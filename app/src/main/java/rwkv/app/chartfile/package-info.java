/** Charts of probes as files, PNG and SVG, drawn without a screen. Needs no JavaFX. */
@NullMarked
package rwkv.app.chartfile;

import org.jspecify.annotations.NullMarked;
