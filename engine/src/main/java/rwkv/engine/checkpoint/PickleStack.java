package rwkv.engine.checkpoint;

import java.util.ArrayList;
import java.util.List;

/** The stack of the pickle machine, with its marks. */
final class PickleStack {

  /** The batches that Python writes hold 1000 items; this leaves room for anything sensible. */
  private static final int MAX_VALUES = 200_000;

  /** Marks nest as deep as the data does. */
  private static final int MAX_MARKS = 1000;

  private final PickleInput input;
  private final List<PickleValue> values = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();

  PickleStack(PickleInput input) {
    this.input = input;
  }

  void push(PickleValue value) {
    if (values.size() == MAX_VALUES) {
      throw input.problem("puts more than " + MAX_VALUES + " values on its stack");
    }
    values.add(value);
  }

  PickleValue pop() {
    requireAboveMark(1);
    return values.removeLast();
  }

  PickleValue peek() {
    requireAboveMark(1);
    return values.getLast();
  }

  /** The topmost {@code count} values, first pushed first, which are taken off. */
  List<PickleValue> pop(int count) {
    requireAboveMark(count);
    return takeFrom(values.size() - count);
  }

  void mark() {
    if (marks.size() == MAX_MARKS) {
      throw input.problem("is nested more than " + MAX_MARKS + " deep");
    }
    marks.add(values.size());
  }

  /** Takes off the last mark and the values above it. */
  List<PickleValue> popToMark() {
    if (marks.isEmpty()) {
      throw input.problem("lacks a mark");
    }
    return takeFrom(marks.removeLast());
  }

  /** Whether a mark lies on top. */
  boolean endsInMark() {
    return !marks.isEmpty() && marks.getLast() == values.size();
  }

  private List<PickleValue> takeFrom(int first) {
    List<PickleValue> top = values.subList(first, values.size());
    List<PickleValue> taken = List.copyOf(top);
    top.clear();
    return taken;
  }

  private void requireAboveMark(int count) {
    int floor = marks.isEmpty() ? 0 : marks.getLast();
    if (values.size() - floor < count) {
      throw input.problem("takes a value from an empty stack");
    }
  }
}
