/**
 * Training runs of the decay lab: small models begun with several decay curves, trained by turns on
 * a thread of their own, seen while they learn, and found again when the workbench starts.
 */
@NullMarked
package rwkv.app.train;

import org.jspecify.annotations.NullMarked;
