package rwkv.probes;

import rwkv.engine.backend.Buffer;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.State;
import rwkv.engine.model.Version;
import rwkv.engine.trace.Site;
import rwkv.engine.trace.Trace;

/**
 * Keeps the keys and values that a batch writes, and says how well a state still answers to them:
 * cos(S k̂, v), 1 where the state gives back exactly the direction that was written. The key is the
 * removal key κ̂ in RWKV-7, and k where nothing is removed.
 */
final class Storage implements Trace {

  private final Memory memory;
  private final Site keys;
  private final int channels;
  private final float[][][][] rows;
  private final int[] read;
  private final float[] state;

  /**
   * @param tokens that are kept, from the first one read
   */
  Storage(ModelSpec spec, Memory memory, int batch, int tokens) {
    this.memory = memory;
    this.keys = spec.version() == Version.V7 ? Site.KK : Site.K;
    this.channels = spec.channels();
    this.rows = new float[spec.layers()][2][batch * tokens][];
    this.read = new int[spec.layers()];
    this.state = new float[memory.count()];
  }

  @Override
  public void at(int layer, Site site, Buffer values) {
    if (site == keys) {
      keep(layer, 0, values);
    } else if (site == Site.V) {
      keep(layer, 1, values);
    } else if (site == Site.WKV_OUTPUT) {
      read[layer] += values.time();
    }
  }

  private void keep(int layer, int what, Buffer values) {
    float[][] into = rows[layer][what];
    int tokens = into.length / values.batch();
    for (int sequence = 0; sequence < values.batch(); sequence++) {
      for (int t = 0; t < values.time() && read[layer] + t < tokens; t++) {
        float[] row = new float[channels];
        values.read((sequence * values.time() + t) * channels, row, 0, channels);
        into[sequence * tokens + read[layer] + t] = row;
      }
    }
  }

  /**
   * The mean of cos(S k̂, v) over some tokens.
   *
   * @param tokens whose writes are asked for, of every sequence
   */
  double cosine(State states, int layer, int head, int[] tokens) {
    int perSequence = rows[layer][0].length / states.batch();
    double sum = 0;
    for (int sequence = 0; sequence < states.batch(); sequence++) {
      memory.read(states, sequence, layer, state);
      for (int token : tokens) {
        int row = sequence * perSequence + token;
        sum += cosine(head, rows[layer][0][row], rows[layer][1][row]);
      }
    }
    return sum / ((double) tokens.length * states.batch());
  }

  private double cosine(int head, float[] key, float[] value) {
    int columns = memory.columns();
    int panel = memory.rows() * columns;
    double product = 0;
    double found = 0;
    double wanted = 0;
    for (int i = 0; i < memory.rows(); i++) {
      double answer = 0;
      for (int j = 0; j < columns; j++) {
        answer += (double) state[head * panel + i * columns + j] * key[head * columns + j];
      }
      double v = value[head * memory.rows() + i];
      product += answer * v;
      found += answer * answer;
      wanted += v * v;
    }
    return found == 0 || wanted == 0 ? 0 : product / Math.sqrt(found * wanted);
  }
}
