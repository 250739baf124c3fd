package rwkv.engine.session;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import rwkv.engine.session.StopRule.Verdict;

/**
 * Holds a session to a {@link StopRule}. A recurrence cannot be run backwards, so the guard keeps a
 * mark of the session before each token that may have to be taken back; where a rule holds nothing,
 * nothing is copied.
 */
public final class StopGuard {

  private static final int[] NOTHING = {};

  private final Session session;
  private final StopRule rule;
  private final ArrayDeque<Session.Mark> marks = new ArrayDeque<>();
  private Session.@Nullable Mark beginning;
  private int[] instead = NOTHING;

  public StopGuard(Session session, StopRule rule) {
    this.session = session;
    this.rule = rule;
  }

  StopRule rule() {
    return rule;
  }

  /** Where the session stood before the first token that the rule was asked about, if any. */
  public Session.@Nullable Mark beginning() {
    return beginning;
  }

  /** Says where its session stood before the first token. */
  void begin(Session.Mark mark) {
    beginning = mark;
  }

  /**
   * Asks about a token that has been drawn.
   *
   * @return true if it is to be read; false if the generation has ended. The session then stands
   *     where its text ends, and {@link #instead} is to be read.
   * @throws IllegalStateException if the rule takes back what it had let go
   */
  public boolean admits(int token) {
    if (beginning == null && rule != StopRule.NONE) {
      beginning = session.mark();
    }
    return switch (rule.next(token)) {
      case Verdict.GoesOn(int held) -> {
        keep(held - 1);
        if (held > 0) {
          marks.add(session.mark());
        }
        yield true;
      }
      case Verdict.Stops(int tokens, int[] rest) -> {
        keep(tokens - 1);
        if (tokens > 1) {
          session.back(marks.getFirst());
        }
        marks.clear();
        instead = rest;
        yield false;
      }
    };
  }

  /** The same for a session that goes on where this one's stands. */
  StopGuard on(Session next) {
    StopGuard guard = new StopGuard(next, rule);
    guard.marks.addAll(marks);
    guard.beginning = beginning;
    return guard;
  }

  /** The same for a session that goes on with another rule. */
  StopGuard withoutRule() {
    StopGuard guard = new StopGuard(session, StopRule.NONE);
    guard.beginning = beginning;
    return guard;
  }

  /** What is to be read after the generation has ended, to complete its text. */
  public int[] instead() {
    return instead;
  }

  /** Forgets all but the last marks. */
  private void keep(int last) {
    if (last > marks.size()) {
      throw new IllegalStateException(
          "a stop rule holds " + last + " tokens of which it had let go, but for " + marks.size());
    }
    while (marks.size() > Math.max(0, last)) {
      marks.removeFirst();
    }
  }
}
