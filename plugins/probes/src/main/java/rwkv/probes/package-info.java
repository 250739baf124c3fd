/**
 * The probes that come with the workbench. Each asks one question of a model's state; formulas that
 * more than one needs are classes of their own. Uses the plugin API and the engine, never the
 * application.
 */
@NullMarked
package rwkv.probes;

import org.jspecify.annotations.NullMarked;
