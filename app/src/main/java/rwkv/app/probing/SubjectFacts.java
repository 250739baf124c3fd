package rwkv.app.probing;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import rwkv.engine.model.LoadOptions;

/**
 * What a probe is run on, for a person and to do it again.
 *
 * @param model its name
 * @param file that it was opened from
 * @param isChanged whether it is not as its file has it, because somebody opened it with other
 *     decays
 * @param version as in {@code RWKV-7}
 * @param tokenizer the identifier of the tokenizer's provider
 * @param vocabulary the tokenizer's file; null if it needs none
 * @param backend the identifier of what computes
 * @param device what computes, for a person
 * @param options that the model was loaded with
 */
public record SubjectFacts(
    String model,
    Path file,
    boolean isChanged,
    String version,
    int layers,
    String tokenizer,
    @Nullable Path vocabulary,
    String backend,
    String device,
    int threads,
    LoadOptions options) {}
