package rwkv.app.open;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import rwkv.app.device.DeviceUse;
import rwkv.app.probing.Subject;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.Progress;
import rwkv.engine.model.StatePart;
import rwkv.engine.model.StateSnapshot;
import rwkv.engine.model.Version;
import rwkv.engine.session.Event;
import rwkv.engine.session.Session;
import rwkv.engine.session.Standing;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;
import rwkv.engine.train.DecayCurve;
import rwkv.engine.train.DecayPreset;
import rwkv.engine.train.DecayShape;
import rwkv.engine.verify.Report;

/** A model of 2 layers and 2 heads of 4 that computes nothing. */
public final class FakeModel implements OpenModel {

  public final FakePort port = new FakePort();
  public boolean closed;
  public IntFunction<Report> selfTest =
      tokens -> new Report("fake", "fake", new int[tokens], List.of(), List.of());
  public Map<String, Tensor> tensors = Map.of();
  public Runnable whenAsked = () -> {};
  private final Path file;

  public FakeModel(Path file) {
    this.file = file;
  }

  @Override
  public Path file() {
    return file;
  }

  @Override
  public long fileBytes() {
    return 1_234_567;
  }

  @Override
  public String format() {
    return "safetensors";
  }

  @Override
  public String device() {
    return "CPU, 2 threads";
  }

  @Override
  public String backend() {
    return "cpu";
  }

  @Override
  public DeviceUse deviceUse() {
    return new DeviceUse("cpu", device(), null, 0, "");
  }

  @Override
  public void goOn(Standing from, Progress progress) {
    throw new UnsupportedOperationException("computes nothing");
  }

  @Override
  public ModelSpec spec() {
    return new ModelSpec(
        Version.V7,
        256,
        8,
        2,
        2,
        4,
        32,
        Map.of("g", 4, "w", 1, "v", 3, "a", 2),
        1_024_000,
        2_048_000,
        DType.BF16,
        List.of(
            new StatePart(StatePart.ATT_X, Shape.of(8), 0),
            new StatePart(StatePart.ATT_KV, Shape.of(2, 4, 4), 0),
            new StatePart(StatePart.FFN_X, Shape.of(8), 0)));
  }

  @Override
  public StateSnapshot initial() {
    return StateSnapshot.start(spec());
  }

  @Override
  public SessionPort start(int endOfText, Consumer<Event> sink) {
    return port;
  }

  @Override
  public Report selfTest(int tokens, Progress progress) {
    progress.at(0.5);
    return selfTest.apply(tokens);
  }

  @Override
  public Map<String, Tensor> tensors() {
    return tensors;
  }

  @Override
  public <T> T read(Function<Progress, T> work, Progress progress) {
    return work.apply(done -> {
      whenAsked.run();
      if (closed) {
        throw new CancellationException();
      }
      progress.at(done);
    });
  }

  @Override
  public <T> T compute(BiFunction<Session, Progress, T> work, Progress progress) {
    throw new UnsupportedOperationException("computes nothing");
  }

  @Override
  public Subject subject(TokenizerChoice tokenizer) {
    throw new UnsupportedOperationException("computes nothing");
  }

  @Override
  public DecayCurve decays(Progress progress) {
    return DecayPreset.OFFICIAL_7.formula().curve(DecayShape.of(spec()));
  }

  @Override
  public @Nullable DecayCurve otherDecays() {
    return null;
  }

  @Override
  public OpenModel with(DecayCurve decays, boolean isOther, Progress progress) {
    throw new UnsupportedOperationException("computes nothing");
  }

  @Override
  public void close() {
    closed = true;
  }
}
