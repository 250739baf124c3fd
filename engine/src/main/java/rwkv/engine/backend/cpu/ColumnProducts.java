package rwkv.engine.backend.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Products with matrices that are kept by columns: out ← Σ x_j · column j, over the columns whose
 * input is not zero.
 *
 * <p>The inputs fall into segments of a fixed length. A segment is summed from zero, column by
 * column, and the segments' sums are added in order, so the bits do not depend on threads or on how
 * many tokens there are. A column whose input is zero would add zero and may be left out, or in.
 *
 * <p>One token: a piece of work is a segment by a range of outs; it lists the columns to read, and
 * adds four at a time. Many tokens: a piece is a range of outs; its columns are unpacked a tile at
 * a time for all tokens, zeros included.
 */
final class ColumnProducts {

  /** Inputs that are summed on their own; a multiple of every type's block. */
  private static final int SEGMENT = 512;

  /** Outs of a piece of work with one token, at most, so that its sums and scales stay near. */
  private static final int RANGE = 2048;

  /** Columns of a tile for many tokens. */
  private static final int DEPTH = ColumnLists.DEPTH;

  /** Outs of a tile for many tokens. */
  private static final int WIDTH = Math.max(64, ColumnFormat.GROUP);

  private final Workers workers;
  private final long small;
  private final Arena arena;
  private final @Nullable ColumnRoom[] rooms;
  private final MemorySegment[] tokenSums;
  private final ColumnLists lists = new ColumnLists();
  private MemorySegment partial = MemorySegment.NULL;

  /**
   * @param small multiply-adds below which the calling thread does it alone
   */
  ColumnProducts(Workers workers, long small, Arena arena) {
    this.workers = workers;
    this.small = small;
    this.arena = arena;
    this.rooms = new ColumnRoom[workers.count()];
    this.tokenSums = new MemorySegment[workers.count()];
    Arrays.fill(tokenSums, MemorySegment.NULL);
  }

  void multiply(float[] out, float[] x, int tokens, ColumnMatrix w) {
    if (tokens == 1) {
      one(out, x, w);
    } else {
      many(out, x, tokens, w);
    }
  }

  private void one(float[] out, float[] x, ColumnMatrix w) {
    int width = w.width();
    int segments = Math.ceilDiv(w.in(), SEGMENT);
    partial = atLeast(partial, (long) segments * width);
    long sums = partial.address();
    int ranges = ranges(segments, width);
    int size = Math.ceilDiv(width / ColumnFormat.GROUP, ranges) * ColumnFormat.GROUP;
    run(
        segments * ranges,
        (long) w.in() * w.out(),
        (i, slot) -> {
          int segment = i / ranges;
          int from = i % ranges * size;
          int until = Math.min(width, from + size);
          if (from < until) {
            segment(sums + 4L * (segment * width + from), x, w, segment, from, until, room(slot));
          }
        });
    for (int s = 0; s < segments; s++) {
      ColumnTile.total(out, 0, sums + 4L * s * width, w.out(), s == 0);
    }
  }

  /** So many that there are some pieces for every thread, each of columns as long as can be. */
  private int ranges(int segments, int width) {
    int wanted = Math.ceilDiv(4 * workers.count(), segments);
    return Math.max(
        Math.ceilDiv(width, RANGE), Math.min(wanted, Math.ceilDiv(width, ColumnRoom.STRIP)));
  }

  private static void segment(
      long sums, float[] x, ColumnMatrix w, int segment, int from, int until, ColumnRoom room) {
    int start = segment * SEGMENT;
    int[] columns = room.columns;
    int count = nonZeros(x, start, Math.min(w.in(), start + SEGMENT), columns);
    ColumnTile.clear(sums, until - from);
    ColumnFormat format = w.format();
    int length = format.block() == 1 ? SEGMENT : format.run();
    int i = 0;
    while (i < count) {
      int run = columns[i] / length;
      int within = columns[i] % format.block() / format.run();
      format.prepare(w.block(columns[i]), within, w.width(), from, until, room);
      int end = i + 1;
      while (end < count && columns[end] / length == run) {
        end++;
      }
      while (i < end) {
        int next = Math.min(end, i + format.together());
        add(sums, x, w, i, next, from, until, room);
        i = next;
      }
    }
  }

  /**
   * Adds columns {@code i} to {@code end} of the list, which share scales; where the format takes
   * no fewer than so many, the first again, times zero.
   */
  private static void add(
      long sums, float[] x, ColumnMatrix w, int i, int end, int from, int until, ColumnRoom room) {
    boolean fixed = w.format().together() == ColumnTile.COLUMNS;
    room.count = fixed ? ColumnTile.COLUMNS : end - i;
    for (int k = 0; k < room.count; k++) {
      boolean there = i + k < end;
      int column = room.columns[there ? i + k : i];
      room.addresses[k] = w.column(column);
      room.x[k] = there ? x[column] : 0;
    }
    w.format().add(sums, w.width(), from, until, room);
  }

  /** The inputs that are not zero; a NaN is not. */
  private static int nonZeros(float[] x, int from, int until, int[] columns) {
    int count = 0;
    for (int i = from; i < until; i++) {
      columns[count] = i;
      count += x[i] != 0 ? 1 : 0;
    }
    return count;
  }

  private void many(float[] out, float[] x, int tokens, ColumnMatrix w) {
    for (int slot = 0; slot < tokenSums.length; slot++) {
      tokenSums[slot] = atLeast(tokenSums[slot], (long) tokens * WIDTH);
    }
    lists.begin(tokens, w.in());
    long work = (long) w.in() * tokens;
    run(lists.groups(), work, (i, _) -> lists.list(x, i));
    run(
        Math.ceilDiv(w.width(), WIDTH),
        work * w.out(),
        (i, slot) -> range(out, tokens, w, i * WIDTH, room(slot), tokenSums[slot].address()));
  }

  private void range(
      float[] out, int tokens, ColumnMatrix w, int from, ColumnRoom room, long sums) {
    int until = Math.min(w.width(), from + WIDTH);
    int outs = Math.min(w.out(), until) - from;
    for (int start = 0; start < w.in(); start += SEGMENT) {
      int end = Math.min(w.in(), start + SEGMENT);
      ColumnTile.clear(sums, tokens * WIDTH);
      for (int column = start; column < end; column += DEPTH) {
        for (int c = 0; c < Math.min(DEPTH, end - column); c++) {
          tile(w, column + c, from, until, room, room.tile + 4L * c * WIDTH);
        }
        ColumnTile.multiply(sums, room.tile, WIDTH, column / DEPTH, lists);
      }
      for (int t = 0; t < tokens; t++) {
        ColumnTile.total(out, t * w.out() + from, sums + 4L * t * WIDTH, outs, start == 0);
      }
    }
  }

  /** A column after the one before it. */
  private static void tile(
      ColumnMatrix w, int column, int from, int until, ColumnRoom room, long to) {
    ColumnFormat format = w.format();
    int within = column % format.block();
    if (within % format.run() == 0) {
      format.prepare(w.block(column), within / format.run(), w.width(), from, until, room);
    }
    format.unpack(w.column(column), w.width(), from, until, room, to);
  }

  private ColumnRoom room(int slot) {
    ColumnRoom room = rooms[slot];
    if (room == null) {
      int tile = Math.max(ColumnTile.COLUMNS * ColumnRoom.STRIP, DEPTH * WIDTH);
      room = new ColumnRoom(RANGE, tile, SEGMENT, arena);
      rooms[slot] = room;
    }
    return room;
  }

  /** Memory for at least so many numbers, the old one if it has room for them. */
  private MemorySegment atLeast(MemorySegment old, long numbers) {
    return old.byteSize() >= 4 * numbers ? old : arena.allocate(4 * numbers, 64);
  }

  private void run(int pieces, long work, Workers.Piece piece) {
    if (work < small) {
      for (int i = 0; i < pieces; i++) {
        piece.run(i, 0);
      }
    } else {
      workers.run(pieces, piece);
    }
  }
}
