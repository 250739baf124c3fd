package rwkv.engine.backend.cuda;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The tokens of a step where the card can read them: always at the same place for as many of them,
 * so that a step asks for the same launches every time.
 */
final class Tokens {

  private final Card card;
  private int[] now = {};
  private CudaBuffer.Memory room;
  private long capacity;

  Tokens(Card card) {
    this.card = card;
    this.room = card.numbers(1);
    this.capacity = 1;
  }

  /** Where these tokens are, until others are asked for. */
  long address(int[] tokens) {
    if (!Arrays.equals(tokens, now)) {
      if (tokens.length > capacity) {
        room = card.numbers(tokens.length);
        capacity = tokens.length;
      }
      MemorySegment host = card.staging((long) Integer.BYTES * tokens.length);
      MemorySegment.copy(tokens, 0, host, ValueLayout.JAVA_INT, 0, tokens.length);
      card.sent().upload(room.address(), host);
      now = tokens.clone();
    }
    return room.address();
  }
}
