package rwkv.engine.backend.cpu;

import java.lang.foreign.Arena;

/**
 * What one thread needs for products with {@link ColumnMatrix}: addresses of f32 numbers in native
 * memory, where vectors are aligned. On the heap every other one would lie across two cache lines,
 * and storing those takes several times as long.
 */
final class ColumnRoom {

  /** Outs that columns are unpacked for at once, where they are not added as they are. */
  static final int STRIP = 512;

  /** Scale of a run of columns, by out, from out {@link #first} on. */
  final long scales;

  /** What a code of 0 stands for, likewise. */
  final long zeros;

  /** Unpacked columns. */
  final long tile;

  /** Numbers of the columns that are not passed over. */
  final int[] columns;

  /** Addresses of the columns that are added at once, their inputs, and how many they are. */
  final long[] addresses = new long[ColumnFormat.TOGETHER];

  final float[] x = new float[ColumnFormat.TOGETHER];
  int count;

  /** The addresses again, while unpacked columns stand in their place. */
  final long[] stored = new long[ColumnTile.COLUMNS];

  int first;

  ColumnRoom(int outs, int tile, int columns, Arena arena) {
    this.scales = arena.allocate(4L * outs, 64).address();
    this.zeros = arena.allocate(4L * outs, 64).address();
    this.tile = arena.allocate(4L * tile, 64).address();
    this.columns = new int[columns];
  }
}
