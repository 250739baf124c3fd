package rwkv.app.open;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.session.Command;
import rwkv.engine.session.Engine;
import rwkv.engine.session.Event;
import rwkv.engine.session.FrameExchange;
import rwkv.engine.session.SessionThread;

/** A model of the engine. */
record EngineModel(Engine engine) implements OpenModel {

  @Override
  public Path file() {
    return engine.file();
  }

  @Override
  public long fileBytes() {
    try {
      return Files.size(engine.file());
    } catch (IOException e) {
      return -1;
    }
  }

  @Override
  public String format() {
    return engine.format();
  }

  @Override
  public String device() {
    return engine.device();
  }

  @Override
  public ModelSpec spec() {
    return engine.spec();
  }

  @Override
  public SessionPort start(int endOfText, Consumer<Event> sink) {
    return new Port(new SessionThread(engine.session(), endOfText, sink));
  }

  @Override
  public void close() {
    engine.close();
  }

  private record Port(SessionThread thread) implements SessionPort {

    @Override
    public void send(Command command) {
      thread.send(command);
    }

    @Override
    public FrameExchange frames() {
      return thread.frames();
    }

    @Override
    public void close() {
      thread.close();
    }
  }
}
