package rwkv.app.open;

import java.util.ArrayList;
import java.util.List;
import rwkv.engine.session.Command;
import rwkv.engine.session.FrameExchange;
import rwkv.engine.session.Standing;

/** A session that only writes down what it is asked for. */
public final class FakePort implements SessionPort {

  public final List<Command> commands = new ArrayList<>();
  public boolean closed;
  private final FrameExchange frames = new FrameExchange();

  @Override
  public void send(Command command) {
    commands.add(command);
  }

  @Override
  public FrameExchange frames() {
    return frames;
  }

  @Override
  public Standing standing() {
    throw new UnsupportedOperationException("has read nothing");
  }

  @Override
  public void close() {
    closed = true;
  }

  /** What has been asked for since the last call. */
  public List<Command> take() {
    List<Command> taken = List.copyOf(commands);
    commands.clear();
    return taken;
  }
}
