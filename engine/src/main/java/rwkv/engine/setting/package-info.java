/**
 * What may be chosen about something, with its range and standard: forms, commands and files are
 * made from it. Uses nothing else.
 */
@NullMarked
package rwkv.engine.setting;

import org.jspecify.annotations.NullMarked;
