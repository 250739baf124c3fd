/**
 * What the workbench has to say, in one place: problems in a banner until they are dismissed, news
 * in the status bar. Everything is logged once, here.
 */
@NullMarked
package rwkv.app.message;

import org.jspecify.annotations.NullMarked;
