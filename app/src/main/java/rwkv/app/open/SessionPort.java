package rwkv.app.open;

import rwkv.engine.session.Command;
import rwkv.engine.session.FrameExchange;
import rwkv.engine.session.Standing;

/** A running session as the workbench sees it: commands in, pictures out; events go to its sink. */
public interface SessionPort extends AutoCloseable {

  /** Asks for something; returns at once. */
  void send(Command command);

  /** Where the newest picture waits. */
  FrameExchange frames();

  /**
   * Where it stands, to go on elsewhere; also after the device has failed or the session has ended.
   * Waits for the token being made: not to be asked on the JavaFX thread.
   */
  Standing standing();

  /** Ends the session; may wait for the token being made. */
  @Override
  void close();
}
