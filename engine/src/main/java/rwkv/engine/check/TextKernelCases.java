package rwkv.engine.check;

import java.util.ArrayList;
import java.util.List;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.History;
import rwkv.engine.backend.Memo;
import rwkv.engine.check.KernelCase.Input;

/** Cases of the kernels that look back over a text, and of DeepEmbed's. */
final class TextKernelCases {

  private TextKernelCases() {}

  static List<KernelCase> all() {
    List<KernelCase> cases = new ArrayList<>();
    for (int[] s : new int[][] {{1, 1, 1, 1}, {1, 1, 32, 32}, {2, 3, 5, 17}, {1, 9, 33, 8}}) {
      project(cases, s[0], s[1], s[2], s[3]);
    }
    int[][] attention = {
      {1, 1, 1, 1, 0},
      {1, 1, 64, 48, 40},
      {2, 3, 19, 33, 5},
      {1, 17, 256, 130, 0},
      {3, 1, 40, 9, 600}
    };
    for (int[] s : attention) {
      attend(cases, s[0], s[1], s[2], s[3], s[4]);
    }
    int[][] rosa = {
      {1, 1, 1, 1, 0}, {1, 1, 16, 1, 70}, {2, 5, 7, 1, 3}, {1, 150, 12, 4, 0}, {3, 2, 36, 4, 65}
    };
    for (int[] s : rosa) {
      rosa(cases, s[0], s[1], s[2], s[3], s[4]);
    }
    return cases;
  }

  private static void project(List<KernelCase> cases, int b, int t, int in, int out) {
    cases.add(
        new KernelCase(
            "project [" + b + "," + t + "," + in + "->" + out + "]",
            1e-5,
            input -> {
              Buffer y = input.buffer(b, t, out, 1);
              Buffer x = input.buffer(b, t, in, 1);
              input.kernels().project(y, x, input.buffer(b, t, in * out, 1));
              return List.of(y, x);
            }));
  }

  private static void attend(List<KernelCase> cases, int b, int t, int keys, int values, int past) {
    String size = " [" + b + "," + t + "," + keys + "," + values + "] after " + past;
    cases.add(
        new KernelCase(
            "attend7b" + size,
            1e-4, // scores are up to 64, and an error in one is an error of its weight
            in -> {
              History k = history(in, b, t, keys, past);
              History v = history(in, b, t, values, past);
              Buffer out = in.buffer(b, t, values, 1);
              Buffer q = in.buffer(b, t, keys, 4);
              in.kernels().attend7b(out, q, k, v);
              return List.of(out, q);
            }));
  }

  /** Every sequence has some rows more than the one before it. */
  private static History history(Input in, int b, int t, int channels, int past) {
    History history = in.kernels().history(b, channels);
    for (int sequence = 0; sequence < b; sequence++) {
      if (past + sequence > 0) {
        history.append(sequence, in.buffer(1, past + sequence, channels, 1));
      }
    }
    history.append(in.buffer(b, t, channels, 1));
    return history;
  }

  private static void rosa(List<KernelCase> cases, int b, int t, int c, int width, int past) {
    String size = " [" + b + "," + t + "," + c + "/" + width + "] after " + past;
    cases.add(
        new KernelCase(
            "packSigns, rosa" + size,
            0,
            in -> {
              List<History> texts = new ArrayList<>();
              for (int i = 0; i < 3; i++) {
                texts.add(in.kernels().history(b, (c + 15) / 16));
              }
              Memo memo = in.kernels().rosaMemo(b);
              for (int sequence = 0; sequence < b; sequence++) {
                for (History text : texts) {
                  if (past + sequence > 0) {
                    text.append(sequence, signs(in, 1, past + sequence, c));
                  }
                }
              }
              List<Buffer> outs = new ArrayList<>();
              for (int time : new int[] {t, 1, t}) {
                texts.forEach(text -> text.append(signs(in, b, time, c)));
                Buffer out = in.buffer(b, time, c, 1);
                Buffer matched = in.buffer(b, time, c / width, 1);
                History q = texts.get(0);
                in.kernels().rosa(out, matched, q, texts.get(1), texts.get(2), memo, -0.5f);
                outs.addAll(List.of(out, matched));
                memo.forget(b - 1);
              }
              return outs;
            }));
  }

  /** Signs that repeat themselves often: two of three are plus. */
  private static Buffer signs(Input in, int b, int t, int c) {
    Buffer x = in.buffer(b, t, c, 1);
    float[] numbers = x.toArray();
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] += 0.4f;
    }
    x.write(0, numbers, 0, numbers.length);
    Buffer bits = in.buffer(b, t, (c + 15) / 16, 1);
    in.kernels().packSigns(bits, x);
    return bits;
  }
}
