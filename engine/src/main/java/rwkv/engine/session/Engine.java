package rwkv.engine.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import rwkv.engine.backend.Backends;
import rwkv.engine.backend.Kernels;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.Checkpoints;
import rwkv.engine.model.LoadOptions;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.Progress;
import rwkv.engine.model.Rwkv;

/**
 * An open model and all that it stands on: the mapped file, the kernels, the weights. Closing it
 * gives everything back; close its sessions first.
 */
public final class Engine implements AutoCloseable {

  private final Checkpoint checkpoint;
  private final Kernels kernels;
  private final Rwkv model;
  private final LoadOptions options;

  private Engine(Checkpoint checkpoint, Kernels kernels, Rwkv model, LoadOptions options) {
    this.checkpoint = checkpoint;
    this.kernels = kernels;
    this.model = model;
    this.options = options;
  }

  /**
   * Opens a model.
   *
   * @param backend a backend's id, or {@link Backends#AUTO}
   * @param threads CPU threads to use, at least 1
   * @throws rwkv.engine.checkpoint.CheckpointException if the file is not a model that can be run
   * @throws IllegalArgumentException if the backend cannot be used
   * @throws java.util.concurrent.CancellationException if {@code progress} ended it
   */
  public static Engine open(
      Path file, String backend, int threads, LoadOptions options, Progress progress) {
    return open(Checkpoints.open(file), backend, threads, options, progress);
  }

  /**
   * Opens a model of a checkpoint that is open already, in memory for example; it is closed with
   * the engine, and when opening fails.
   *
   * @param backend a backend's id, or {@link Backends#AUTO}
   * @param threads CPU threads to use, at least 1
   * @throws rwkv.engine.checkpoint.CheckpointException if it is not a model that can be run
   * @throws IllegalArgumentException if the backend cannot be used
   * @throws java.util.concurrent.CancellationException if {@code progress} ended it
   */
  public static Engine open(
      Checkpoint checkpoint, String backend, int threads, LoadOptions options, Progress progress) {
    Kernels kernels;
    try {
      kernels = Backends.installed().choose(backend).open(threads);
    } catch (RuntimeException | Error failure) {
      checkpoint.close();
      throw failure;
    }
    return on(kernels, checkpoint, options, progress);
  }

  /**
   * Opens a model of an open checkpoint on open kernels; both are closed with the engine, and when
   * opening fails.
   *
   * @throws rwkv.engine.checkpoint.CheckpointException if it is not a model that can be run
   * @throws rwkv.engine.backend.DeviceException if it does not fit on the device
   * @throws java.util.concurrent.CancellationException if {@code progress} ended it
   */
  public static Engine on(
      Kernels kernels, Checkpoint checkpoint, LoadOptions options, Progress progress) {
    try {
      return new Engine(
          checkpoint, kernels, Rwkv.load(checkpoint, kernels, options, progress), options);
    } catch (RuntimeException | Error failure) {
      kernels.close();
      checkpoint.close();
      throw failure;
    }
  }

  /** Opens a model to compute as the official code does. */
  public static Engine open(Path file, String backend, int threads, Progress progress) {
    return open(file, backend, threads, LoadOptions.OFFICIAL, progress);
  }

  /**
   * Runs tokens and throws them away, so that the virtual machine compiles the kernels now and not
   * under the first tokens that somebody looks at: interpreted vector code is a thousand times
   * slower.
   *
   * @param most time to take; it ends before that when the speed improves no more
   * @throws java.util.concurrent.CancellationException if {@code progress} ended it
   */
  public void warmUp(Duration most, Progress progress) {
    Session session = session();
    long end = System.nanoTime() + most.toNanos();
    long best = Long.MAX_VALUE;
    for (int unimproved = 0; unimproved < 64; unimproved++) {
      long begin = System.nanoTime();
      session.decode(0);
      long now = System.nanoTime();
      if (now - begin < best - best / 10) {
        best = now - begin;
        unimproved = 0;
      }
      if (now > end) {
        return;
      }
      progress.at(1);
    }
  }

  /** Threads to use when nobody says otherwise: one for every core that this process may use. */
  public static int defaultThreads() {
    return Processors.here().cores(Runtime.getRuntime().availableProcessors());
  }

  /** The model's file. */
  public Path file() {
    return checkpoint.path();
  }

  /**
   * Bytes of the model's file, or of all the files it is spread over.
   *
   * @throws IOException if one of them cannot be looked at any more
   */
  public long fileBytes() throws IOException {
    long bytes = 0;
    for (Path file : checkpoint.files()) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  /** What kind of file it is, for a person. */
  public String format() {
    return checkpoint.format();
  }

  /** The checkpoint, valid until this is closed. */
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  /** What the model computes on, for a person, as in "CPU, 2 threads, 256-bit vectors". */
  public String device() {
    return kernels.device();
  }

  /**
   * Bytes of its device's own memory that the model and its sessions hold; 0 on the processor. May
   * be asked by any thread until this is closed.
   */
  public long heldBytes() {
    return kernels.heldBytes();
  }

  /** What was chosen when the model was loaded. */
  public LoadOptions options() {
    return options;
  }

  public Rwkv model() {
    return model;
  }

  public ModelSpec spec() {
    return model.spec();
  }

  /** A new sequence, before its first token. */
  public Session session() {
    return new Session(model);
  }

  @Override
  public void close() {
    kernels.close();
    checkpoint.close();
  }
}
