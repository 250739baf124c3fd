package rwkv.engine.analysis;

/**
 * Something a person should know about the decays of some layers before training or using them.
 *
 * @param firstLayer that it is about
 * @param lastLayer that it is about, with all between
 * @param isSerious whether the model can hardly work so; else it is a fact to know
 * @param sentence as in {@code layer 3: nothing survives 40 tokens (…)}
 */
public record DecayWarning(int firstLayer, int lastLayer, boolean isSerious, String sentence) {}
