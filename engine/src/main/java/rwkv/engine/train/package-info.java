/**
 * Making and training models: what a model about to be created looks like, how its decay and every
 * other parameter begin.
 *
 * <p>A {@link rwkv.engine.train.ModelPlan} has the sizes, a {@link rwkv.engine.train.DecayCurve}
 * the decay of every layer and channel, by hand or by a {@link rwkv.engine.train.DecayFormula};
 * from both and a seed an {@code Initialiser} makes the tensors of an official checkpoint.
 */
@NullMarked
package rwkv.engine.train;

import org.jspecify.annotations.NullMarked;
