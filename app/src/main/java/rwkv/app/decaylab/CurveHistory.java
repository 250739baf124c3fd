package rwkv.app.decaylab;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;

/** What has been done to a curve, without limit; only the layers that changed are kept. */
final class CurveHistory {

  /**
   * An edit.
   *
   * @param name for a person, as in "move point 3"
   * @param before raw numbers of the layers that it changed
   * @param after the same layers after it
   */
  record Edit(String name, Map<Integer, double[]> before, Map<Integer, double[]> after) {}

  private final Deque<Edit> done = new ArrayDeque<>();
  private final Deque<Edit> undone = new ArrayDeque<>();

  /** Something has been done; what was undone is forgotten. */
  void add(Edit edit) {
    done.push(edit);
    undone.clear();
  }

  /** The edit to take back, if there is one. */
  Optional<Edit> undo() {
    Edit edit = done.poll();
    if (edit != null) {
      undone.push(edit);
    }
    return Optional.ofNullable(edit);
  }

  /** The edit to do again, if there is one. */
  Optional<Edit> redo() {
    Edit edit = undone.poll();
    if (edit != null) {
      done.push(edit);
    }
    return Optional.ofNullable(edit);
  }

  /** What {@link #undo} would take back; empty for nothing. */
  String undoName() {
    Edit edit = done.peek();
    return edit == null ? "" : edit.name;
  }

  /** What {@link #redo} would do again; empty for nothing. */
  String redoName() {
    Edit edit = undone.peek();
    return edit == null ? "" : edit.name;
  }

  void clear() {
    done.clear();
    undone.clear();
  }
}
