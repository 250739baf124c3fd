/**
 * Probes in the window: which there are and what they ask, their parameters as a form, the runs and
 * what they found, as charts and tables, one run alone or several compared. View models need no
 * screen; what runs and keeps probes is {@code rwkv.app.probing}.
 */
@NullMarked
package rwkv.app.probe;

import org.jspecify.annotations.NullMarked;
