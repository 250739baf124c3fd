package rwkv.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import rwkv.engine.backend.cpu.ManyTokenProducts;
import rwkv.engine.tensor.Tensor;

class SelfTestTest {

  /** Scalar products in f32 over rounded numbers, right but for what an enum constant changes. */
  private enum Fault {
    NONE,
    ONE_NUMBER_LOST {
      @Override
      float product(float sum, float w, float x, int i, int in) {
        return i == in - 1 ? sum : super.product(sum, w, x, i, in);
      }
    },
    ROUNDED_TWICE {
      @Override
      float result(float sum) {
        return Precision.BF16.round(sum);
      }
    },
    NOT_ROUNDED {
      @Override
      float rounded(float x) {
        return x;
      }
    },
    NOT_A_NUMBER {
      @Override
      float result(float sum) {
        return Float.NaN;
      }
    },
    NEIGHBOURS_SCALE {
      @Override
      int row(int row, int rows) {
        return (row + 1) % rows;
      }
    };

    float rounded(float x) {
      return Precision.BF16.round(x);
    }

    float product(float sum, float w, float x, int i, int in) {
      return Math.fma(w, x, sum);
    }

    float result(float sum) {
      return sum;
    }

    int row(int row, int rows) {
      return row;
    }
  }

  private record Scalar(Fault fault) implements ManyTokenProducts {

    @Override
    public String name() {
      return "a scalar product";
    }

    @Override
    public int leastTokens() {
      return 2;
    }

    @Override
    public @Nullable Product prepare(Tensor weights) {
      int out = (int) weights.shape().size(0);
      int in = (int) weights.shape().size(1);
      float[] w = weights.toFloats();
      return (to, x, tokens) -> {
        for (int t = 0; t < tokens; t++) {
          for (int row = 0; row < out; row++) {
            float sum = 0;
            for (int i = 0; i < in; i++) {
              float a = fault.rounded(w[fault.row(row, out) * in + i]);
              sum = fault.product(sum, a, fault.rounded(x[t * in + i]), i, in);
            }
            to[t * out + row] = fault.result(sum);
          }
        }
      };
    }

    @Override
    public void close() {}
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void wrongProductsAreRefusedAndRightOnesAreNot(Fault fault) {
    Optional<String> problem = SelfTest.problem(new Scalar(fault), Precision.BF16);
    assertEquals(fault != Fault.NONE, problem.isPresent(), () -> fault + ": " + problem);
    problem.ifPresent(
        p -> assertTrue(p.startsWith("the self-test failed: the error of a scalar product of"), p));
  }

  @Test
  void productsThatAreNotDoneAreRefused() {
    try (OneDnnProducts products =
        new OneDnnProducts(Fixtures.library(), Precision.F32, _ -> false, Alone.INSTANCE)) {
      assertEquals(
          "oneDNN in f32 of 16 tokens through [64,64] is not done by matrix units",
          SelfTest.problem(products, Precision.F32).orElse(""));
    }
  }

  static List<Precision> precisions() {
    return Fixtures.precisions();
  }

  @ParameterizedTest
  @MethodSource("precisions")
  void oneDnnPasses(Precision precision) {
    try (OneDnnProducts products = Fixtures.products(precision)) {
      assertEquals(Optional.empty(), SelfTest.problem(products, precision));
    }
  }
}
