package rwkv.app.probe;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.setting.Setting;
import rwkv.plugin.Chart;
import rwkv.plugin.Probe;
import rwkv.plugin.ProbeContext;
import rwkv.plugin.ProbeResult;
import rwkv.plugin.Rows;
import rwkv.plugin.TableColumn;

/** Draws numbers, a row for each, as often as it is let. */
public final class CountingProbe implements Probe {

  private final Semaphore allowed;

  /**
   * @param rows that it may write before somebody allows more
   */
  public CountingProbe(int rows) {
    allowed = new Semaphore(rows);
  }

  public void allow(int rows) {
    allowed.release(rows);
  }

  @Override
  public String id() {
    return "counting";
  }

  @Override
  public String name() {
    return "Counting";
  }

  @Override
  public String question() {
    return "Which numbers come?";
  }

  @Override
  public String method() {
    return "They are drawn from the seed.";
  }

  @Override
  public List<Setting> parameters() {
    return List.of(
        Setting.whole("rows", 6, 1, 1000, "how many"),
        Setting.reals("factors", List.of(1.0, 0.5), 0, 10, "of each number"),
        Setting.text("kind", "plain", List.of("plain", "signed"), "of the numbers"));
  }

  @Override
  public Optional<String> unsuitable(ModelSpec model) {
    return model.layers() > 4 ? Optional.of("It counts to four layers.") : Optional.empty();
  }

  @Override
  public ProbeResult run(ProbeContext context) {
    Rows rows =
        context
            .findings()
            .table(
                "numbers",
                TableColumn.whole("n"),
                TableColumn.text("factor"),
                TableColumn.real("number"));
    context
        .findings()
        .chart(
            new Chart.Lines(
                "Numbers", "numbers", Chart.Axis.of("n"), Chart.Axis.of("number"), "factor"));
    RandomGenerator random = context.random("numbers");
    int count = context.parameters().whole("rows");
    for (int n = 1; n <= count; n++) {
      await(context, (n - 1.0) / count);
      for (double factor : context.parameters().reals("factors")) {
        rows.add(n, Double.toString(factor), factor * random.nextDouble());
      }
    }
    context.findings().figure("rows", count);
    context.progress().at(1);
    return context.findings().result("There were %d numbers.".formatted(count));
  }

  private void await(ProbeContext context, double done) {
    try {
      do {
        context.progress().at(done);
      } while (!allowed.tryAcquire(20, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
