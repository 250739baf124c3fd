package rwkv.app.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import rwkv.engine.session.Event.Dynamics;

class DynamicsHistoryTest {

  @Test
  void keepsTheLastTokens() {
    DynamicsHistory history = new DynamicsHistory(2);
    int tokens = history.capacity() + 10;
    for (int t = 0; t < tokens; t++) {
      history.add(t, new Dynamics(new float[] {t, -t}, new float[] {0.5f * t, 0}));
    }
    assertEquals(history.capacity(), history.size());
    assertEquals(10, history.position(0));
    assertEquals(tokens - 1, history.position(history.size() - 1));
    assertEquals(10, history.rms(0, 0));
    assertEquals(-10, history.rms(0, 1));
    assertEquals(5, history.change(0, 0));
  }

  @Test
  void passesOverWhatWasNotWatched() {
    DynamicsHistory history = new DynamicsHistory(2);
    history.add(0, Dynamics.NONE);
    assertEquals(0, history.size());
  }

  @Test
  void manyHeadsHaveAShorterPast() {
    DynamicsHistory large = new DynamicsHistory(61 * 64);
    assertTrue(large.capacity() >= 1000 && large.capacity() < 2048);
    assertEquals(2048, new DynamicsHistory(16).capacity());
  }

  @Test
  void clearForgets() {
    DynamicsHistory history = new DynamicsHistory(1);
    history.add(3, new Dynamics(new float[1], new float[1]));
    history.clear();
    assertEquals(0, history.size());
  }
}
