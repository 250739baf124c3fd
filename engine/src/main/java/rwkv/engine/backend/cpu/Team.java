package rwkv.engine.backend.cpu;

/** Threads that share out the pieces of one job at a time, the one that brings it among them. */
public interface Team {

  /** A piece of a job; {@code slot} is below {@link #count} and no two run with the same. */
  interface Piece {
    void run(int index, int slot);
  }

  /** How many threads work on a job. */
  int count();

  /**
   * Runs pieces 0 to {@code pieces}−1, in any order and on any of the threads; returns when all
   * ran, and throws what one of them threw.
   */
  void run(int pieces, Piece piece);
}
