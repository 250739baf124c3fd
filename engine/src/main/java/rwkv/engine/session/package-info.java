/**
 * A conversation with a model: {@link rwkv.engine.session.Engine} opens models, {@link
 * rwkv.engine.session.Session} steps one sequence on the caller's thread, and {@link
 * rwkv.engine.session.SessionThread} does so on a thread of its own, with commands in and events
 * out. Uses {@code model}, {@code sampling}, {@code trace}, {@code backend} and {@code checkpoint}.
 */
@NullMarked
package rwkv.engine.session;

import org.jspecify.annotations.NullMarked;
