package rwkv.app.open;

import rwkv.engine.session.Command;
import rwkv.engine.session.FrameExchange;

/** A running session as the workbench sees it: commands in, pictures out; events go to its sink. */
public interface SessionPort extends AutoCloseable {

  /** Asks for something; returns at once. */
  void send(Command command);

  /** Where the newest picture waits. */
  FrameExchange frames();

  /** Ends the session; may wait for the token being made. */
  @Override
  void close();
}
