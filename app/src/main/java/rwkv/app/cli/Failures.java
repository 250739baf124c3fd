package rwkv.app.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import rwkv.engine.backend.DeviceException;
import rwkv.engine.checkpoint.CheckpointException;

/**
 * Says in one line what went wrong, and turns it into an exit code.
 *
 * @param debug whether the stack trace is wanted too
 */
record Failures(PrintStream err, boolean debug)
    implements IParameterExceptionHandler, IExecutionExceptionHandler {

  private static final int UNEXPECTED = 1;
  private static final int BAD_INPUT = 2;

  @Override
  public int handleParseException(ParameterException problem, String[] args) {
    String help = problem.getCommandLine().getCommandSpec().qualifiedName() + " --help";
    say(problem.getMessage() + " (see " + help + ")", problem);
    return BAD_INPUT;
  }

  @Override
  public int handleExecutionException(
      Exception problem, CommandLine line, @Nullable ParseResult parsed) {
    return of(problem);
  }

  int of(Throwable problem) {
    switch (problem) {
      case DeviceException device -> {
        say(String.valueOf(device.getMessage()) + "; --backend cpu computes without it", device);
        return device.isLost() ? UNEXPECTED : BAD_INPUT;
      }
      case BadInput _, CheckpointException _ -> {
        say(String.valueOf(problem.getMessage()), problem);
        return BAD_INPUT;
      }
      case NoSuchFileException missing -> {
        say(missing.getFile() + ": no such file", missing);
        return BAD_INPUT;
      }
      case FileSystemException file -> {
        String reason = file.getReason();
        say(file.getFile() + ": " + (reason == null ? name(file) : reason), file);
        return BAD_INPUT;
      }
      case IOException input -> {
        say(String.valueOf(input.getMessage()), input);
        return BAD_INPUT;
      }
      case OutOfMemoryError memory -> {
        say("not enough memory (" + memory.getMessage() + "): give Java more with -Xmx", memory);
        return UNEXPECTED;
      }
      default -> {
        say("unexpected failure: " + problem + "; --debug shows where", problem);
        return UNEXPECTED;
      }
    }
  }

  private static String name(Throwable problem) {
    return problem.getClass().getSimpleName().replace("Exception", "");
  }

  private void say(String message, Throwable problem) {
    err.println("rwkv: " + oneLine(message));
    if (debug) {
      problem.printStackTrace(err);
    }
    err.flush();
  }

  static String oneLine(String message) {
    return message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
