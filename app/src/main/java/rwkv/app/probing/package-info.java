/**
 * Runs probes, one thread for each, and keeps what they find: as tables, charts and a {@code
 * run.json} from which a run can be repeated. Needs no screen and no JavaFX.
 */
@NullMarked
package rwkv.app.probing;

import org.jspecify.annotations.NullMarked;
