package rwkv.engine.backend.cuda;

import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.History;
import rwkv.engine.backend.Shapes;

/** A history in a card's memory, for each sequence one piece, row-major. */
final class CudaHistory implements History {

  private static final int FEWEST_ROWS = 64;

  private final Card card;
  private final int channels;
  private final CudaBuffer.Memory[] memory;
  private final long[] capacities;
  private final int[] lengths;

  CudaHistory(Card card, int batch, int channels) {
    this.card = card;
    this.channels = channels;
    this.memory = new CudaBuffer.Memory[batch];
    this.capacities = new long[batch];
    this.lengths = new int[batch];
    for (int b = 0; b < batch; b++) {
      memory[b] = card.numbers(1);
    }
  }

  /** Where a sequence's rows are. */
  long address(int sequence) {
    return memory[sequence].address();
  }

  @Override
  public int batch() {
    return memory.length;
  }

  @Override
  public int channels() {
    return channels;
  }

  @Override
  public int length(int sequence) {
    return lengths[sequence];
  }

  @Override
  public void reserve(int rows) {
    CudaBuffer.Memory[] grown = memory.clone();
    long[] capacity = capacities.clone();
    for (int b = 0; b < memory.length; b++) {
      long needed = (long) lengths[b] + rows;
      if (needed > capacity[b]) {
        capacity[b] = Math.max(FEWEST_ROWS, needed + needed / 2);
        grown[b] = card.numbers(capacity[b] * channels);
      }
    }
    for (int b = 0; b < memory.length; b++) {
      if (grown[b] != memory[b]) {
        card.sent().copy(grown[b].address(), memory[b].address(), bytes(lengths[b]));
        memory[b] = grown[b];
        capacities[b] = capacity[b];
      }
    }
  }

  private long bytes(long rows) {
    return Float.BYTES * rows * channels;
  }

  @Override
  public void append(Buffer rows) {
    if (rows.batch() != memory.length) {
      throw new IllegalArgumentException(
          Shapes.text(rows) + " for a history of " + memory.length + " sequences");
    }
    reserve(rows.time());
    for (int b = 0; b < memory.length; b++) {
      append(b, rows, b * rows.time());
    }
  }

  @Override
  public void append(int sequence, Buffer rows) {
    reserve(rows.time());
    append(sequence, rows, 0);
  }

  private void append(int sequence, Buffer rows, int first) {
    if (rows.channels() != channels) {
      throw new IllegalArgumentException(
          Shapes.text(rows) + " for a history of rows of " + channels);
    }
    long to = address(sequence) + bytes(lengths[sequence]);
    long from = ((CudaBuffer) rows).address() + bytes(first);
    int count = rows.time() * channels;
    card.each("copy", count, to, from, count, count);
    lengths[sequence] += rows.time();
  }

  @Override
  public void read(int sequence, int from, float[] into, int at, int rows) {
    if (from < 0 || rows < 0 || from + rows > lengths[sequence]) {
      throw new IndexOutOfBoundsException(
          rows + " rows from row " + from + " of a history of " + lengths[sequence]);
    }
    if (rows > 0) {
      card.read(address(sequence) + bytes(from), into, at, rows * channels);
    }
  }

  @Override
  public void replace(int sequence, float[] numbers) {
    if (numbers.length % channels != 0) {
      throw new IllegalArgumentException(numbers.length + " numbers in rows of " + channels);
    }
    if (numbers.length > capacities[sequence] * channels) {
      memory[sequence] = card.numbers(numbers.length);
      capacities[sequence] = numbers.length / channels;
    }
    if (numbers.length > 0) {
      card.write(address(sequence), numbers, 0, numbers.length);
    }
    lengths[sequence] = numbers.length / channels;
  }
}
