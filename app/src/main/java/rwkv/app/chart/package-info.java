/**
 * Drawing that several views share: colour maps, scales with calm limits, legends, heat maps and
 * curves drawn by the pixel, axes, and saving pictures. Knows nothing of models.
 */
@NullMarked
package rwkv.app.chart;

import org.jspecify.annotations.NullMarked;
