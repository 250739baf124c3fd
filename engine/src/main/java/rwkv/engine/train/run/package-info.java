/**
 * Trainings from a configuration file to a model in a folder: what the file may say ({@link
 * rwkv.engine.train.run.TrainingConfig}), the training itself, which goes on where it was stopped
 * or killed ({@link rwkv.engine.train.run.TrainingRun}), and how good the model is at what it was
 * never shown ({@link rwkv.engine.train.run.Evaluation}).
 */
@NullMarked
package rwkv.engine.train.run;

import org.jspecify.annotations.NullMarked;
