package rwkv.engine.backend.cpu;

import static rwkv.engine.backend.cpu.CpuKernels.data;
import static rwkv.engine.backend.cpu.GradientShapes.alike;

import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Gradients;
import rwkv.engine.backend.Shapes;

/** Gradients of norms and of version 7's keys and bonus, shared out in rows. */
final class PerHeadGradients {

  private final RowBlocks blocks;

  PerHeadGradients(RowBlocks blocks) {
    this.blocks = blocks;
  }

  /** Of {@link Gradients#groupNorm}. */
  void groupNorm(
      @Nullable Buffer dX,
      @Nullable Buffer dWeight,
      @Nullable Buffer dBias,
      Buffer dOut,
      Buffer x,
      Buffer weight,
      int heads,
      float eps) {
    alike(dOut, x, dX);
    alike(weight, dWeight, dBias);
    Shapes.same(dOut, weight);
    int n = x.channels();
    int size = n / heads;
    blocks.run(
        x,
        8,
        dWeight,
        dBias,
        (row, sums, at, room) -> {
          for (int c = 0; c < n; c += size) {
            int head = row * n + c;
            float scale =
                PerHeadRows.normal(room, data(dOut), data(x), head, data(weight), c, size, eps);
            if (dX != null) {
              PerHeadRows.norm(data(dX), head, room, size, scale);
            }
            if (dWeight != null) {
              Additions.product(sums, at + c, data(dOut), head, room, size, size);
            }
          }
          if (dBias != null) {
            Additions.plus(sums, at + n, data(dOut), row * n, n);
          }
        });
  }

  /** Of {@link Gradients#removalKey7}. */
  void removalKey7(
      @Nullable Buffer dK,
      @Nullable Buffer dKeyScale,
      Buffer dKk,
      Buffer k,
      Buffer keyScale,
      int heads) {
    alike(dKk, k, dK);
    Shapes.same(dKk, keyScale);
    alike(keyScale, dKeyScale);
    int n = k.channels();
    int size = n / heads;
    blocks.run(
        k,
        6,
        dKeyScale,
        null,
        (row, sums, at, room) -> {
          for (int c = 0; c < n; c += size) {
            int head = row * n + c;
            PerHeadRows.removalKey7(room, data(dKk), data(k), head, data(keyScale), c, size);
            if (dK != null) {
              Additions.product(data(dK), head, room, 0, data(keyScale), c, size);
            }
            if (dKeyScale != null) {
              Additions.product(sums, at + c, room, 0, data(k), head, size);
            }
          }
        });
  }

  /** Of {@link Gradients#replacementKey7}. */
  void replacementKey7(
      @Nullable Buffer dK,
      @Nullable Buffer dA,
      @Nullable Buffer dKeyRate,
      Buffer dOut,
      Buffer k,
      Buffer a,
      Buffer keyRate) {
    alike(dOut, k, a, dK, dA);
    Shapes.same(dOut, keyRate);
    alike(keyRate, dKeyRate);
    int n = dOut.channels();
    blocks.run(
        dOut,
        4,
        dKeyRate,
        null,
        (row, sums, at, room) -> {
          int i = row * n;
          if (dK != null) {
            Additions.replacementKey(data(dK), data(dOut), data(a), i, data(keyRate), n);
          }
          if (dA != null) {
            Additions.products(data(dA), data(dOut), data(k), i, data(keyRate), 0, n);
          }
          if (dKeyRate != null) {
            Additions.lessened(sums, at, data(dOut), data(k), data(a), i, n);
          }
        });
  }

  /** Of {@link Gradients#bonus7}. */
  void bonus7(
      @Nullable Buffer dR,
      @Nullable Buffer dK,
      @Nullable Buffer dBonus,
      @Nullable Buffer dV,
      Buffer dOut,
      Buffer r,
      Buffer k,
      Buffer bonus,
      Buffer v,
      int heads) {
    alike(dOut, r, k, v, dR, dK, dV);
    Shapes.same(dOut, bonus);
    alike(bonus, dBonus);
    int n = r.channels();
    int size = n / heads;
    blocks.run(
        r,
        8,
        dBonus,
        null,
        (row, sums, at, room) -> {
          for (int c = 0; c < n; c += size) {
            int head = row * n + c;
            float g = Sums.products(data(dOut), head, data(v), head, size);
            if (dR != null) {
              Additions.multiple(data(dR), head, data(k), head, data(bonus), c, g, size);
            }
            if (dK != null) {
              Additions.multiple(data(dK), head, data(r), head, data(bonus), c, g, size);
            }
            if (dBonus != null) {
              Additions.multiple(sums, at + c, data(r), head, data(k), head, g, size);
            }
            if (dV != null) {
              float scale = Sums.products(data(r), data(k), head, data(bonus), c, size);
              Additions.multiple(data(dV), head, data(dOut), head, scale, size);
            }
          }
        });
  }
}
