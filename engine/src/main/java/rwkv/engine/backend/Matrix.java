package rwkv.engine.backend;

import rwkv.engine.tensor.DType;

/** A weight matrix {@code [out, in]} where the backend wants it, in the type it was stored in. */
public interface Matrix {

  /** Channels that come out: rows of the matrix. */
  int out();

  /** Channels that go in: columns of the matrix. */
  int in();

  DType dtype();

  /** Bytes read when every weight is read once. */
  default long bytes() {
    return dtype().bytes((long) out() * in());
  }
}
