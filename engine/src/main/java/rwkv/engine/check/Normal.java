package rwkv.engine.check;

import java.util.Random;

/** Numbers from a normal distribution. */
final class Normal {

  private Normal() {}

  /** So many, with that deviation. */
  static float[] numbers(Random random, int count, double deviation) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
    return values;
  }
}
