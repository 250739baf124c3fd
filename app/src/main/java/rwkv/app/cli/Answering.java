package rwkv.app.cli;

import java.util.function.Predicate;
import rwkv.app.prompt.AnswerStop;
import rwkv.engine.sampling.Sampler;
import rwkv.engine.session.Session;
import rwkv.engine.session.StopGuard;

/**
 * Draws and reads tokens until an answer ends. The session then stands after the last token of the
 * answer as shown: what ended it is not in the state.
 */
final class Answering {

  private final Session session;
  private final Sampler sampler;
  private final AnswerStop stop;

  Answering(Session session, Sampler sampler, AnswerStop stop) {
    this.session = session;
    this.sampler = sampler;
    this.stop = stop;
  }

  /**
   * Makes the answer.
   *
   * @param most tokens
   * @param reader is given the answer's bytes as they become certain; false if nobody reads them
   * @return false if nobody reads them
   */
  boolean write(int most, Predicate<byte[]> reader) {
    StopGuard guard = new StopGuard(session, stop);
    for (int made = 0; made < most; made++) {
      int token = sampler.next(session.logits(), session.position());
      if (!guard.admits(token)) {
        for (int rest : guard.instead()) {
          session.decode(rest);
        }
        return reader.test(stop.takeAll());
      }
      session.decode(token);
      if (!reader.test(stop.take())) {
        return false;
      }
    }
    return reader.test(stop.takeAll());
  }
}
