package rwkv.engine.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rwkv.engine.tensor.Tensor;

/** Tensors that are views of a storage, which holds 1..6 here. */
class PthViewsTest {

  private static final long MANY = 1L << 62;

  @TempDir Path folder;

  @Test
  void twoTensorsShareAStorage() throws IOException {
    byte[] pickle =
        new PickleBuilder()
            .op('}')
            .op('(')
            .text("head")
            .view("FloatStorage", "0", 6, 0, sizes(2, 2), sizes(2, 1))
            .text("tail")
            .view("FloatStorage", "0", 6, 4, sizes(2), sizes(1))
            .text("tail with ones")
            .view("FloatStorage", "0", 6, 4, sizes(1, 2, 1), sizes(777, 1, 0))
            .op('u')
            .stop();
    try (Checkpoint checkpoint = Checkpoints.open(write(pickle))) {
      Tensor head = Tensors.require(checkpoint, "head");
      Tensor tail = Tensors.require(checkpoint, "tail");
      assertArrayEquals(new float[] {1, 2, 3, 4}, head.toFloats());
      assertArrayEquals(new float[] {5, 6}, tail.toFloats());
      assertEquals(16, tail.data().address() - head.data().address(), "both lie in the file");
      Tensor withOnes = Tensors.require(checkpoint, "tail with ones");
      assertEquals(tail.data(), withOnes.data(), "a stride that is never taken needs no copy");
    }
  }

  @Test
  void aTransposedViewIsStraightened() throws IOException {
    assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, read(0, sizes(3, 2), sizes(1, 3)));
  }

  @Test
  void everySecondNumberFromAnOffset() throws IOException {
    assertArrayEquals(new float[] {2, 4, 6}, read(1, sizes(3), sizes(2)));
  }

  @Test
  void threeDimensionsInAnotherOrder() throws IOException {
    assertArrayEquals(new float[] {1, 3, 2, 4}, read(0, sizes(1, 2, 2), sizes(9, 1, 2)));
  }

  @Test
  void overlappingRowsAreCopiedWhileTheyAreNoMoreThanTheStorage() throws IOException {
    assertArrayEquals(new float[] {1, 2, 2, 3}, read(0, sizes(2, 2), sizes(1, 1)));
  }

  @Test
  void dimensionsOfOneAmongOthersAreSteppedOver() throws IOException {
    long[] sizes = sizes(1, 3, 1, 1, 2, 1);
    assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, read(0, sizes, sizes(9, 1, 9, 0, 3, 9)));
  }

  @Test
  void dimensionsOfOneMayHaveAnyStride() throws IOException {
    assertArrayEquals(new float[] {5, 6}, read(4, sizes(1, 2, 1), sizes(777, 1, 0)));
  }

  @Test
  void anEmptyViewMayBeginAtTheEnd() throws IOException {
    assertArrayEquals(new float[] {}, read(6, sizes(0, 5), sizes(5, 1)));
  }

  @Test
  void viewsBeyondTheirStorageAreRefused() throws IOException {
    refused("reaches outside its storage of 6", 0, sizes(7), sizes(1));
    refused("reaches outside its storage of 6", 1, sizes(2, 3), sizes(3, 1));
    refused("reaches outside its storage of 6", 6, sizes(1), sizes(1));
    refused("reaches outside its storage of 6", 7, sizes(0), sizes(1));
    refused("reaches outside its storage of 6", -1, sizes(2), sizes(1));
    refused("reaches outside its storage of 6", MANY, sizes(1), sizes(1));
    refused("reaches outside its storage of 6", 0, sizes(2, 2), sizes(4, 2));
    refused("reaches outside its storage of 6", 5, sizes(2), sizes(-1));
    refused("reaches outside its storage of 6", Long.MAX_VALUE, sizes(2), sizes(Long.MAX_VALUE));
    refused("reaches outside its storage of 6", 0, sizes(3), sizes(MANY));
  }

  @Test
  void impossibleShapesAreRefused() throws IOException {
    refused("impossible shape", 0, sizes(-1), sizes(1));
    refused("impossible shape", 0, sizes(MANY, 8), sizes(0, 0));
    refused("impossible shape", 0, sizes(MANY), sizes(0));
    refused("impossible shape", 0, sizes(MANY, MANY, 0), sizes(1, 1, 1));
  }

  @Test
  void aSmallStorageIsNotBlownUp() throws IOException {
    refused("tensor v [1000000] with strides [0] repeats numbers", 0, sizes(1_000_000), sizes(0));
    refused("repeats numbers", 0, sizes(1L << 40), sizes(0));
    refused("repeats numbers", 0, sizes(7), sizes(0));
  }

  @Test
  void manyCopiesTogetherTakeNoMoreThanTheFile() throws IOException {
    PickleBuilder pickle = new PickleBuilder().op('}');
    pickle.view("FloatStorage", "0", 1000, 0, sizes(10, 100), sizes(1, 10)).op('q').raw(1).op('0');
    pickle.op('(');
    for (int i = 0; i < 100; i++) {
      pickle.text("copy" + i).op('h').raw(1);
    }
    byte[] bytes = pickle.op('u').stop();
    PthBuilder pth = new PthBuilder().pickle(bytes).storage("0", new float[1000]);
    Refused.opening(pth.writeTo(folder.resolve("copies.pth")), "tensor copy", "repeats numbers");
  }

  private void refused(String part, long offset, long[] sizes, long[] strides) throws IOException {
    Refused.opening(write(single(offset, sizes, strides)), "tensor v", part);
  }

  private float[] read(long offset, long[] sizes, long[] strides) throws IOException {
    try (Checkpoint checkpoint = Checkpoints.open(write(single(offset, sizes, strides)))) {
      return Tensors.require(checkpoint, "v").toFloats();
    }
  }

  private static byte[] single(long offset, long[] sizes, long[] strides) {
    PickleBuilder pickle = new PickleBuilder().op('}').text("v");
    return pickle.view("FloatStorage", "0", 6, offset, sizes, strides).op('s').stop();
  }

  private Path write(byte[] pickle) throws IOException {
    PthBuilder pth = new PthBuilder().pickle(pickle).storage("0", 1, 2, 3, 4, 5, 6);
    return pth.writeTo(folder.resolve("views.pth"));
  }

  private static long[] sizes(long... values) {
    return values;
  }
}
