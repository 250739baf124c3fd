package rwkv.engine.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import rwkv.engine.checkpoint.PickleValue.View;

/**
 * Turns views of storages into contiguous bytes: a slice where the numbers already lie one after
 * the other, else a copy that lives as long as the checkpoint.
 */
final class Strided {

  private final MappedFile file;

  /** All copies together may take as much as the file, so that repeated views cost no more. */
  private long copyBudget;

  Strided(MappedFile file) {
    this.file = file;
    this.copyBudget = file.size();
  }

  /**
   * @param name of the tensor, for messages
   * @param view its sizes have a product that fits a {@code long}
   * @param storage all of the view's storage
   * @return the view's numbers, row-major
   */
  MemorySegment contiguous(String name, View view, MemorySegment storage) {
    int each = view.storage().type().dtype().bytes();
    long count = view.sizes().stream().reduce(1L, (a, b) -> a * b);
    checkInside(name, view, count);
    if (count == 0) {
      return storage.asSlice(0, 0);
    }
    if (isContiguous(view)) {
      return storage.asSlice(view.offset() * each, count * each);
    }
    checkCopy(name, view, count);
    copyBudget -= count * each;
    MemorySegment copy = file.arena().allocate(count * each, 8);
    copy(withoutOnes(view), storage, copy, each);
    return copy;
  }

  private void checkInside(String name, View view, long count) {
    if (view.offset() < 0 || end(view, count) > view.storage().count()) {
      throw file.problem(
          "tensor %s %s with offset %s and strides %s reaches outside its storage of %s numbers"
              .formatted(
                  Quote.name(name),
                  Quote.sizes(view.sizes()),
                  view.offset(),
                  Quote.sizes(view.strides()),
                  view.storage().count()));
    }
  }

  /** One past the last number that the view reaches; beyond any storage if it makes no sense. */
  private static long end(View view, long count) {
    if (count == 0) {
      return view.offset();
    }
    try {
      long last = view.offset();
      for (int d = 0; d < view.sizes().size(); d++) {
        long stride = view.strides().get(d);
        if (stride < 0) {
          return Long.MAX_VALUE;
        }
        last = Math.addExact(last, Math.multiplyExact(view.sizes().get(d) - 1, stride));
      }
      return Math.addExact(last, 1);
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }

  private void checkCopy(String name, View view, long count) {
    long most =
        Math.min(view.storage().count(), copyBudget / view.storage().type().dtype().bytes());
    if (count > most) {
      throw file.problem(
          ("tensor %s %s with strides %s repeats numbers: it would take a copy of %s, expected"
                  + " at most %s")
              .formatted(
                  Quote.name(name),
                  Quote.sizes(view.sizes()),
                  Quote.sizes(view.strides()),
                  count,
                  most));
    }
  }

  private static boolean isContiguous(View view) {
    long expected = 1;
    for (int i = view.sizes().size() - 1; i >= 0; i--) {
      long size = view.sizes().get(i);
      if (size != 1 && view.strides().get(i) != expected) {
        return false;
      }
      expected *= size;
    }
    return true;
  }

  /** The same view without dimensions of one, each of which would cost a step for every number. */
  private static View withoutOnes(View view) {
    List<Long> sizes = new ArrayList<>();
    List<Long> strides = new ArrayList<>();
    for (int d = 0; d < view.sizes().size(); d++) {
      if (view.sizes().get(d) != 1) {
        sizes.add(view.sizes().get(d));
        strides.add(view.strides().get(d));
      }
    }
    return new View(view.storage(), view.offset(), sizes, strides);
  }

  /** Steps through the view like an odometer, one number at a time. */
  private static void copy(View view, MemorySegment from, MemorySegment to, int each) {
    List<Long> sizes = view.sizes();
    int rank = sizes.size();
    long[] index = new long[rank];
    long source = view.offset();
    for (long target = 0; target < to.byteSize(); target += each) {
      MemorySegment.copy(from, source * each, to, target, each);
      for (int d = rank - 1; d >= 0; d--) {
        source += view.strides().get(d);
        if (++index[d] < sizes.get(d)) {
          break;
        }
        source -= view.strides().get(d) * sizes.get(d);
        index[d] = 0;
      }
    }
  }
}
