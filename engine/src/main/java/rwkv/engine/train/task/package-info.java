/**
 * What small models are trained on: tasks whose right answers are known.
 *
 * <p>A {@link rwkv.engine.train.task.Task} gives a {@link rwkv.engine.train.task.Batch} for every
 * step, as a pure function of its seed and the step, and {@link rwkv.engine.train.task.Example}s
 * that no step ever shows. {@link rwkv.engine.train.task.Tasks} has them by name, with their
 * settings.
 */
@NullMarked
package rwkv.engine.train.task;

import org.jspecify.annotations.NullMarked;
