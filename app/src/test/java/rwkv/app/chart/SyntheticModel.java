package rwkv.app.chart;

import java.util.List;
import java.util.Map;
import java.util.Random;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.StatePart;
import rwkv.engine.model.Version;
import rwkv.engine.session.Event;
import rwkv.engine.session.Frame;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;

/** Random keys, values and decays driving RWKV-7's state update: plausible pictures, no model. */
public final class SyntheticModel {

  private static final int WINDOW = 256;

  private final int layers;
  private final int heads;
  private final int size;
  private final Random random;
  private final float[][] wkv;
  private final float[][] decay;
  private final float[][] meanLogDecay;
  private final double[][] base;
  private final float[][][] past;
  private final float[] rms;
  private final float[] change;
  private int position;

  public SyntheticModel(int layers, int heads, int size, long seed) {
    this.layers = layers;
    this.heads = heads;
    this.size = size;
    this.random = new Random(seed);
    wkv = new float[layers][heads * size * size];
    decay = new float[layers][heads * size];
    meanLogDecay = new float[layers][heads * size];
    base = new double[layers][heads * size];
    past = new float[layers][WINDOW][heads * size];
    rms = new float[layers * heads];
    change = new float[layers * heads];
    for (int l = 0; l < layers; l++) {
      for (int c = 0; c < heads * size; c++) {
        double depth = 0.6 + 2.6 * (l + 1) / layers + 0.5 * ((c / size) % 3);
        base[l][c] = Math.max(0.1, depth * (0.25 + 0.75 * random.nextDouble()));
      }
    }
  }

  /** A model of this shape. */
  public ModelSpec spec() {
    int channels = heads * size;
    return new ModelSpec(
        Version.V7,
        4096,
        channels,
        layers,
        heads,
        size,
        4 * channels,
        Map.of("w", 32, "a", 32, "v", 16, "g", 64),
        2_100_000,
        4_200_000,
        DType.BF16,
        List.of(
            new StatePart(StatePart.ATT_X, Shape.of(channels), 0),
            new StatePart(StatePart.ATT_KV, Shape.of(heads, size, size), 0),
            new StatePart(StatePart.FFN_X, Shape.of(channels), 0)));
  }

  /** One token. */
  public void step() {
    for (int l = 0; l < layers; l++) {
      for (int h = 0; h < heads; h++) {
        step(l, h);
      }
      System.arraycopy(decay[l], 0, past[l][position % WINDOW], 0, decay[l].length);
    }
    position++;
    means();
  }

  private void step(int l, int h) {
    float[] k = unit();
    float[] v = unit();
    double strength = Math.exp(random.nextGaussian() * 0.6) * (0.3 + 0.25 * ((l * 3 + h) % 4));
    int from = h * size * size;
    double moved = 0;
    double total = 0;
    for (int j = 0; j < size; j++) {
      double halfLife = Math.pow(10, base[l][h * size + j] + 0.25 * random.nextGaussian());
      decay[l][h * size + j] = (float) Math.max(0.5452, Math.pow(0.5, 1 / halfLife));
    }
    for (int i = 0; i < size; i++) {
      double read = 0;
      for (int j = 0; j < size; j++) {
        read += wkv[l][from + i * size + j] * k[j];
      }
      for (int j = 0; j < size; j++) {
        float old = wkv[l][from + i * size + j];
        double now = old * decay[l][h * size + j] - 0.8 * read * k[j] + strength * v[i] * k[j];
        wkv[l][from + i * size + j] = (float) now;
        moved += (now - old) * (now - old);
        total += now * now;
      }
    }
    rms[l * heads + h] = (float) (Math.sqrt(total) / size);
    change[l * heads + h] = total == 0 ? 0 : (float) Math.sqrt(moved / total);
  }

  private float[] unit() {
    float[] x = new float[size];
    double sum = 0;
    for (int j = 0; j < size; j++) {
      x[j] = (float) (random.nextGaussian() * (random.nextInt(4) == 0 ? 2.5 : 0.5));
      sum += x[j] * x[j];
    }
    for (int j = 0; j < size; j++) {
      x[j] /= (float) Math.sqrt(sum);
    }
    return x;
  }

  private void means() {
    int window = Math.min(position, WINDOW);
    for (int l = 0; l < layers; l++) {
      for (int c = 0; c < decay[l].length; c++) {
        double sum = 0;
        for (int t = position - window; t < position; t++) {
          sum += Math.log(past[l][t % WINDOW][c]);
        }
        meanLogDecay[l][c] = (float) (sum / window);
      }
    }
  }

  /** The present moment, with the last decays of one head. */
  public Frame frame(int layer, int head) {
    int window = Math.min(position, WINDOW);
    float[][] last = new float[window][size];
    for (int t = 0; t < window; t++) {
      float[] all = past[layer][(position - window + t) % WINDOW];
      System.arraycopy(all, head * size, last[t], 0, size);
    }
    return Frame.of(position, wkv, decay, meanLogDecay, layer, head, last);
  }

  /** The last token, with size and change of every head. */
  public Event.Token token() {
    return new Event.Token(
        position - 1,
        1,
        true,
        Event.Prediction.NONE,
        new Event.Dynamics(rms.clone(), change.clone()));
  }

  /** The states themselves, to be changed by tests, [layers][heads, value dim, key dim]. */
  public float[][] wkv() {
    return wkv;
  }
}
