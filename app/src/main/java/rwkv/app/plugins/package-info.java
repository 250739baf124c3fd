/**
 * Plugins from jars: found in a folder, read without running them, allowed by a person, loaded each
 * by itself, watched while they run.
 */
@NullMarked
package rwkv.app.plugins;

import org.jspecify.annotations.NullMarked;
