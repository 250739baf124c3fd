/**
 * What a plugin implements and what it is given. Small and stable: a tokenizer is a few dozen
 * lines. Implementations are found by {@link java.util.ServiceLoader}; one that fails is named and
 * set aside. Uses the engine, never the application.
 */
@NullMarked
package rwkv.plugin;

import org.jspecify.annotations.NullMarked;
