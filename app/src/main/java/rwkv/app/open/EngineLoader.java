package rwkv.app.open;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rwkv.engine.backend.Backend;
import rwkv.engine.backend.Backends;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.Progress;
import rwkv.engine.model.StateFile;
import rwkv.engine.session.Engine;

/** Loads models with the engine. */
public final class EngineLoader implements ModelLoader {

  private final TokenizerChooser chooser;

  public EngineLoader(TokenizerChooser chooser) {
    this.chooser = chooser;
  }

  @Override
  public String resolve(String device) {
    return Backends.installed().choose(device).id();
  }

  @Override
  public Loaded load(Path file, String device, Progress progress) {
    Backend backend = Backends.installed().choose(device);
    Engine engine = Engine.open(file, backend.id(), Engine.defaultThreads(), progress);
    try {
      return loaded(engine, backend, file);
    } catch (RuntimeException | Error failure) {
      engine.close();
      throw failure;
    }
  }

  @Override
  public Optional<InitialState> state(Path file, ModelSpec spec) {
    if (!StateFile.isState(file)) {
      return Optional.empty();
    }
    StateFile.Loaded loaded = StateFile.load(file, spec);
    return Optional.of(new InitialState(ModelName.of(file), loaded.state(), loaded.tokens()));
  }

  private Loaded loaded(Engine engine, Backend backend, Path file) {
    List<String> trouble = new ArrayList<>();
    int vocabulary = engine.spec().vocabulary();
    Optional<TokenizerChoice> tokenizer = chooser.best(file, vocabulary, trouble);
    EngineModel model = new EngineModel(engine, backend);
    model.warmUp();
    return new Loaded(model, tokenizer.orElse(null), trouble);
  }
}
