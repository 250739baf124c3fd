package rwkv.engine.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipDirectoryTest {

  @TempDir Path folder;

  @Test
  void storedEntriesAreRead() throws IOException {
    assertOpens(example());
  }

  @Test
  void sizesMayStandAfterTheData() throws IOException {
    assertOpens(example().descriptors());
  }

  @Test
  void zip64FieldsAreRead() throws IOException {
    assertOpens(example().zip64());
    assertOpens(example().zip64().descriptors());
  }

  @Test
  void aCommentMayFollow() throws IOException {
    byte[] zip = example().bytes();
    byte[] comment = "PK\5\6 is no end in a comment".getBytes();
    byte[] whole = ByteBuffer.allocate(zip.length + comment.length).put(zip).put(comment).array();
    ByteBuffer.wrap(whole)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort(zip.length - 2, (short) comment.length);
    assertHoldsSeven(Files.write(folder.resolve("comment.pth"), whole));
  }

  @Test
  void compressedEntriesAreRefused() throws IOException {
    Refused.opening(write(example().method(8)), "archive/data.pkl is compressed");
  }

  @Test
  void anArchiveWithoutItsEndIsIncomplete() throws IOException {
    byte[] zip = example().bytes();
    for (int missing : new int[] {1, 21, 22, 23, zip.length / 2}) {
      byte[] cut =
          ByteBuffer.allocate(zip.length - missing).put(zip, 0, zip.length - missing).array();
      Refused.opening(Files.write(folder.resolve("cut.pth"), cut), "the file is incomplete");
    }
  }

  @Test
  void aDirectoryOutsideTheFileIsRefused() throws IOException {
    refusedWith("lies outside the file", -6, -1);
    refusedWith("lies outside the file", -10, 0x7fffffff);
  }

  @Test
  void entriesOutsideTheFileAreRefused() throws IOException {
    int first = firstDirectoryEntry(example().bytes());
    refusedWith("archive/data.pkl has no local header", first + 42, 0x7fffffff);
    refusedWith("archive/data.pkl has no local header", first + 42, 1);
    refusedWith("is compressed", first + 24, 0x7fffffff);
    refusedWith("directory is damaged", first, 0);
  }

  @Test
  void anEntryLongerThanTheArchiveIsRefused() throws IOException {
    byte[] zip = example().bytes();
    int first = firstDirectoryEntry(zip);
    ByteBuffer patch = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    patch.putInt(first + 20, 1 << 30).putInt(first + 24, 1 << 30);
    Refused.opening(
        Files.write(folder.resolve("long.pth"), zip), "archive/data.pkl", "1073741824 bytes");
  }

  @Test
  void anEntryThatPointsAtAnotherIsRefused() throws IOException {
    byte[] zip = example().bytes();
    ByteBuffer patch = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    int first = firstDirectoryEntry(zip);
    int second = first + 46 + "archive/data.pkl".length();
    patch.putInt(second + 42, patch.getInt(first + 42));
    patch.putInt(second + 20, 4).putInt(second + 24, 4);
    Path file = Files.write(folder.resolve("pointing.pth"), zip);
    Refused.opening(file, "archive/data/0 has another name where its data begins");
  }

  @Test
  void storagesThatOverlapAreRefused() throws IOException {
    PickleBuilder pickle = new PickleBuilder().op('}').op('(');
    pickle.text("a").tensor("CharStorage", "0", 100).text("b").tensor("CharStorage", "1", 4);
    byte[] nested = new byte[100];
    ByteBuffer inner = ByteBuffer.wrap(nested).order(ByteOrder.LITTLE_ENDIAN);
    inner.putInt(0, 0x04034b50).putShort(26, (short) 14).put(30, "archive/data/1".getBytes());
    PthBuilder pth = new PthBuilder().pickle(pickle.op('u').stop());
    byte[] zip = pth.entry("data/0", nested).entry("data/1", new byte[4]).bytes();
    ByteBuffer patch = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    int second = firstDirectoryEntry(zip) + 46 + "archive/data.pkl".length();
    int third = second + 46 + "archive/data/0".length();
    int outer = patch.getInt(second + 42);
    patch.putInt(third + 42, outer + 30 + "archive/data/0".length() + 7);
    Path file = Files.write(folder.resolve("overlapping.pth"), zip);
    Refused.opening(file, "tensor b has data that overlap another's");
  }

  @Test
  void aZipThatIsNoModelIsRefused() throws IOException {
    Path file = new PthBuilder().entry("readme.txt", new byte[3]).writeTo(folder.resolve("x.zip"));
    Refused.opening(file, "is a zip archive with 0 entries data.pkl");
  }

  private void refusedWith(String part, int at, int value) throws IOException {
    byte[] zip = example().bytes();
    int index = at < 0 ? zip.length + at : at;
    ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).putInt(index, value);
    Refused.opening(Files.write(folder.resolve("patched.pth"), zip), part);
  }

  private static int firstDirectoryEntry(byte[] zip) {
    return ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).getInt(zip.length - 6);
  }

  /** Also asks the JDK, so that the builder is checked by more than the reader under test. */
  private void assertOpens(PthBuilder pth) throws IOException {
    Path file = write(pth);
    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertEquals(2, zip.size());
      assertEquals(4, zip.getInputStream(zip.getEntry("archive/data/0")).readAllBytes().length);
    }
    assertHoldsSeven(file);
  }

  private static void assertHoldsSeven(Path file) {
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      assertArrayEquals(new float[] {7}, Tensors.require(checkpoint, "a").toFloats());
    }
  }

  private Path write(PthBuilder pth) throws IOException {
    return pth.writeTo(folder.resolve("model.pth"));
  }

  private static PthBuilder example() {
    PickleBuilder pickle = new PickleBuilder().op('}').text("a").tensor("FloatStorage", "0", 1);
    return new PthBuilder().pickle(pickle.op('s').stop()).storage("0", 7);
  }
}
