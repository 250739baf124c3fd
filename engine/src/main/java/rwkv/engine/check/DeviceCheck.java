package rwkv.engine.check;

import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import rwkv.engine.backend.Availability;
import rwkv.engine.backend.Backend;
import rwkv.engine.backend.DeviceException;
import rwkv.engine.backend.DeviceFacts;
import rwkv.engine.backend.Kernels;
import rwkv.engine.bench.DeviceBench;
import rwkv.engine.bench.DevicePlan;
import rwkv.engine.bench.Machine;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.model.Progress;
import rwkv.engine.session.Engine;

/**
 * Checks one device and tells what it finds as a Markdown table, line by line, so that what was
 * found before a failure can be read.
 */
public final class DeviceCheck {

  private static final int TOKENS = 10_000;
  private static final int FEWER_TOKENS = 1_500;

  private final Backend backend;
  private final CheckPlan plan;
  private final ReferenceFiles files;
  private final Consumer<String> lines;
  private int failed;

  private DeviceCheck(Backend backend, CheckPlan plan, Consumer<String> lines) {
    this.backend = backend;
    this.plan = plan;
    this.files = new ReferenceFiles(plan.folders());
    this.lines = lines;
  }

  /**
   * Runs it.
   *
   * @param backend that can be used
   * @param lines takes the lines of the table
   * @return how many checks failed
   */
  public static int run(Backend backend, CheckPlan plan, Consumer<String> lines) {
    DeviceCheck check = new DeviceCheck(backend, plan, lines);
    check.head();
    try {
      for (Part part : Part.values()) {
        if (plan.parts().contains(part)) {
          check.part(part);
        }
      }
    } catch (DeviceException lost) {
      check.add(Row.broken("all that follows", "a device that answers", lost));
    }
    return check.failed;
  }

  private void head() {
    ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
    Machine machine = Machine.current();
    DeviceFacts facts = backend.facts();
    String device = facts == null ? machine.processor() : facts.name();
    lines.accept("- device: " + device + " (" + backend.id() + ")");
    lines.accept("- driver: " + (facts == null ? "none" : facts.driver()));
    lines.accept("- date: " + now.format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'")));
    lines.accept("- commit: " + plan.commit());
    if (plan.parts().contains(Part.KERNELS)) {
      lines.accept("- seed: " + plan.seed());
    }
    lines.accept("");
    lines.accept("| check | expected | found | result |");
    lines.accept("|---|---|---|---|");
  }

  private void add(Row row) {
    failed += row.outcome() == Outcome.FAILED ? 1 : 0;
    lines.accept(row.markdown());
  }

  /** A part that breaks off is a failure; the others are still run, unless the device is lost. */
  private void part(Part part) {
    try {
      switch (part) {
        case FACTS -> facts();
        case KERNELS -> KernelParity.run(backend, plan.threads(), plan.seed(), this::add);
        case GOLDEN -> golden();
        case SAMPLES -> SampleModels.run(backend, plan.threads(), files, this::add);
        case GRADIENTS -> gradients();
        case LONG -> longText();
        case BENCH -> bench();
      }
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      add(Row.broken(part.name().toLowerCase(Locale.ROOT), "runs to the end", e));
      rethrowLost(e);
    }
  }

  private static void rethrowLost(Throwable problem) {
    if (problem instanceof DeviceException device && device.isLost()) {
      throw device;
    }
  }

  private void facts() {
    Machine machine = Machine.current();
    add(
        Row.noted(
            "computer",
            "",
            "%s, %d processors, Java %s, %s"
                .formatted(
                    machine.processor(), machine.processors(), machine.java(), machine.system())));
    DeviceFacts facts = backend.facts();
    if (facts != null) {
      String memory = "%,d bytes of memory, %,d free".formatted(facts.bytes(), facts.freeBytes());
      add(Row.noted("card", "", "compute capability %s, %s".formatted(facts.capability(), memory)));
    }
    boolean there = backend.availability() instanceof Availability.Available;
    try (Kernels kernels = backend.open(plan.threads())) {
      add(Row.judged("device", "can be opened", kernels.device(), there));
    }
  }

  private void golden() {
    List<GoldenModel> missing = new ArrayList<>();
    for (GoldenModel model : GoldenModel.all()) {
      if (files.has(model.files())) {
        golden(model);
      } else {
        missing.add(model);
      }
    }
    if (!missing.isEmpty()) {
      String names = String.join("; ", missing.stream().map(GoldenModel::toString).toList());
      String why = "%d of %d are not here: %s".formatted(missing.size(), all(), names);
      add(Row.skipped("reference models", "recorded numbers", why));
    }
  }

  private static int all() {
    return GoldenModel.all().size();
  }

  private void golden(GoldenModel model) {
    try (Checkpoint vectors = Checkpoints.open(files.get(model.vectorsFile()));
        Engine engine =
            Engine.on(
                backend.open(plan.threads()),
                Checkpoints.open(files.get(model.model())),
                model.options(),
                Progress.NONE)) {
      add(GoldenRun.run(model, files, engine, vectors));
    } catch (RuntimeException e) {
      add(Row.broken("model " + model, "recorded numbers", e));
      rethrowLost(e);
    }
  }

  private void gradients() {
    try (Kernels kernels = backend.open(plan.threads())) {
      GradientVectors.run(kernels, kernels.recurrenceGradients(), files, this::add);
    }
  }

  private void longText() {
    int tokens = plan.quick() ? FEWER_TOKENS : TOKENS;
    Optional<Path> file = files.find(SampleModels.SMALL);
    if (file.isEmpty()) {
      String why = SampleModels.SMALL + " is not here";
      add(Row.skipped("decoding %,d tokens".formatted(tokens), "constant memory", why));
      return;
    }
    try (Checkpoint checkpoint = Checkpoints.open(file.get());
        Kernels kernels = backend.open(plan.threads())) {
      add(LongDecode.run(kernels, checkpoint, tokens, LongDecode.memory(backend)));
    }
  }

  private void bench() {
    boolean card = backend.facts() != null;
    DevicePlan size = card ? DevicePlan.FULL : DevicePlan.MODEST;
    List<String> shapes = card ? List.of("0.1B", "1.5B", "7.2B") : List.of("0.1B");
    if (plan.quick()) {
      size = DevicePlan.QUICK;
      shapes = List.of("0.1B");
    }
    for (String shape : plan.shapes().isEmpty() ? shapes : plan.shapes()) {
      DeviceBench.run(backend, plan.threads(), shape, size, figure -> add(BenchRows.row(figure)));
    }
  }
}
