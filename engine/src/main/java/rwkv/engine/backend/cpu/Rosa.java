package rwkv.engine.backend.cpu;

import java.util.Arrays;

/**
 * ROSA for one symbol of one sequence at a time, from what its {@link RosaMemo} remembers.
 *
 * @param width channels of a symbol
 * @param time rows at the end of the histories that are new
 */
record Rosa(
    float[] out,
    float[] matched,
    CpuHistory q,
    CpuHistory k,
    CpuHistory v,
    RosaMemo memo,
    int symbols,
    int width,
    int time,
    float unmatched) {

  void steps(int sequence, int symbol) {
    int channel = symbol * width;
    int past = q.length(sequence) - time;
    RosaText text = memo.text(sequence, symbol, past, q, k, width);
    for (int t = 0; t < time; t++) {
      int row = sequence * time + t;
      int i = past + t;
      RosaMemo.Found found =
          text.step(
              Signs.symbol(q, sequence, i, channel, width),
              Signs.symbol(k, sequence, i, channel, width));
      int at = row * symbols * width + channel;
      if (found.length() == 0) {
        Arrays.fill(out, at, at + width, unmatched);
      } else {
        Signs.unpack(out, at, v, sequence, found.end() + 1, channel, width);
      }
      matched[row * symbols + symbol] = found.length();
    }
  }
}
