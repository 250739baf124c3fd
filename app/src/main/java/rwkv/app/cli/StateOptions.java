package rwkv.app.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import rwkv.engine.session.Session;

/** Where a session comes from and where it goes. */
final class StateOptions {

  @Option(names = "--state", paramLabel = "IN", description = "Start from this state.")
  private @Nullable Path state;

  @Option(
      names = "--save-state",
      paramLabel = "OUT",
      description = "Save the state after the last token.")
  private @Nullable Path saveState;

  /** Refuses a place where nothing can be saved. */
  void check(ModelOptions model) {
    if (saveState != null) {
      model.checkOutput("--save-state", saveState);
    }
  }

  boolean saves() {
    return saveState != null;
  }

  /** Takes up the state; true if the next token can be drawn from it at once. */
  boolean restore(Session session) {
    if (state == null) {
      return false;
    }
    SavedState saved = SavedState.load(state, session.model().spec());
    saved.restore(session);
    return saved.logits() != null;
  }

  /** Saves where a session stands, if that is wanted. */
  void save(Session session) {
    if (saveState != null) {
      SavedState.save(saveState, session);
    }
  }
}
