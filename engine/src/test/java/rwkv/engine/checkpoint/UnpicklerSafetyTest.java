package rwkv.engine.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pickles that would run something, or eat the machine, in a reader that trusts them. */
class UnpicklerSafetyTest {

  private static final String NOTHING_RAN = "refused, nothing was executed";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "os, system",
    "posix, system",
    "builtins, eval",
    "builtins, getattr",
    "__builtin__, exec",
    "subprocess, Popen",
    "torch, load",
    "torch.storage, _load_from_bytes",
    "torch, ComplexFloatStorage",
    "torch._utils, _rebuild_tensor_v3",
    "collections, OrderedDict.fromkeys",
    "numpy.core.multiarray, _reconstruct",
  })
  void anyOtherNameIsRefused(String module, String name) throws IOException {
    PickleBuilder call = new PickleBuilder().global(module, name).text("rm -rf /").raw(0x85);
    refused(call.op('R').stop(), "asks to run " + module + "." + name, NOTHING_RAN);
    PickleBuilder onStack = new PickleBuilder().text(module).text(name).raw(0x93).op(')').op('R');
    refused(onStack.stop(), "asks to run " + module + "." + name, NOTHING_RAN);
  }

  @Test
  void olderWaysToCallAreRefused() throws IOException {
    PickleBuilder inst = new PickleBuilder().op('(').text("id").op('i').utf8("os\nsystem\n");
    refused(inst.stop(), "asks to run os.system", NOTHING_RAN);
    PickleBuilder known = new PickleBuilder().global("collections", "OrderedDict");
    byte[] prefix = known.op(')').bytes();
    refused(new PickleBuilder().bytes(prefix).raw(0x81).stop(), NOTHING_RAN);
    refused(new PickleBuilder().bytes(prefix).op('}').raw(0x92).stop(), NOTHING_RAN);
    refused(new PickleBuilder().op('(').bytes(prefix).op('o').stop(), NOTHING_RAN);
    refused(new PickleBuilder().raw(0x82, 1).stop(), NOTHING_RAN);
    refused(new PickleBuilder().raw(0x84, 1, 0, 0, 0).stop(), NOTHING_RAN);
  }

  @Test
  void knownNamesTakeOnlyTheirOwnArguments() throws IOException {
    refused(new PickleBuilder().text("x").op(')').op('R').stop(), "calls text with a tuple of 0");
    PickleBuilder ordered = new PickleBuilder().global("collections", "OrderedDict");
    refused(ordered.text("x").raw(0x85).op('R').stop(), "OrderedDict with a tuple of 1");
    PickleBuilder storage = new PickleBuilder().global("torch", "FloatStorage").op(')').op('R');
    refused(storage.stop(), "calls the storage type torch.FloatStorage");
    PickleBuilder tensor = new PickleBuilder().global("torch._utils", "_rebuild_tensor_v2");
    refused(tensor.op(')').op('R').stop(), "_rebuild_tensor_v2 with a tuple of 0");
    refused(new PickleBuilder().op(']').op('}').op('b').stop(), "attributes of a list of 0");
    refused(new PickleBuilder().text("7").op('Q').stop(), "names text as a storage");
  }

  @Test
  void sizesAndStridesMustBeWholeNumbersAndEquallyMany() throws IOException {
    refused(
        new PickleBuilder()
            .view("FloatStorage", "0", 1, 0, new long[] {1, 1}, new long[] {1})
            .stop(),
        "_rebuild_tensor_v2");
    PickleBuilder text = new PickleBuilder().global("torch._utils", "_rebuild_tensor_v2").op('(');
    text.storage("FloatStorage", "0", 1).number(0).text("1").numbers(1).raw(0x89).op('N').op('t');
    refused(text.op('R').stop(), "_rebuild_tensor_v2");
  }

  @Test
  void whatIsSharedManyTimesIsCappedInLength() throws IOException {
    long[] ones = new long[65];
    Arrays.fill(ones, 1);
    refused(
        new PickleBuilder().view("FloatStorage", "0", 1, 0, ones, ones).stop(),
        "_rebuild_tensor_v2 with a tuple of 6");
    refused(new PickleBuilder().tensor("FloatStorage", "0".repeat(101), 1).stop(), "as a storage");
  }

  @Test
  void tensorsMarkedAsNegatedAreRefused() throws IOException {
    PickleBuilder marked = new PickleBuilder().global("torch._utils", "_rebuild_tensor_v2").op('(');
    marked.storage("FloatStorage", "0", 1).number(0).numbers(1).numbers(1).raw(0x89).op('N');
    marked.op('}').text("neg").raw(0x88).op('s').op('t').op('R');
    refused(marked.stop(), "_rebuild_tensor_v2 with a tuple of 7");
  }

  @ParameterizedTest
  @ValueSource(ints = {'X', 'T', 'B', 0x8d, 0x8e, 0x96, 0x8b})
  void lengthsBeyondTheFileAreRefused(int opcode) throws IOException {
    boolean wide = opcode >= 0x8d;
    long most = wide ? 1L << 62 : 1L << 30;
    for (long length : new long[] {most, -1, 1L << 31, 0xffff_fff0L, 1000}) {
      byte[] pickle = new PickleBuilder().raw(opcode).little(wide ? 8 : 4, length).stop();
      refused(pickle, opcode == 0x8b ? "whole number of" : "more bytes where 1 are left");
    }
  }

  @Test
  void numbersOfMoreThanEightBytesAreRefused() throws IOException {
    refused(new PickleBuilder().raw(0x8a, 9).little(8, 1).raw(0).stop(), "number of 9 bytes");
  }

  @Test
  void deepNestingIsRefusedWithoutOverflowingTheStack() throws IOException {
    refused(repeat(2_000_000, '('), "nested more than 1000 deep");
    PickleBuilder lists = new PickleBuilder();
    for (int i = 0; i < 190_000; i++) {
      lists.op(']');
    }
    for (int i = 0; i < 189_999; i++) {
      lists.op('a');
    }
    refused(lists.stop(), "holds a list of 1, expected a dictionary");
    PickleBuilder tuples = new PickleBuilder().op(')');
    for (int i = 0; i < 300_000; i++) {
      tuples.raw(0x85);
    }
    refused(tuples.stop(), "holds a tuple of 1, expected a dictionary");
  }

  @Test
  void aStackThatOnlyGrowsIsRefused() throws IOException {
    refused(repeat(220_000, ']'), "more than 200000 values on its stack");
  }

  @Test
  void endlessInstructionsAreRefused() throws IOException {
    PickleBuilder pickle = new PickleBuilder();
    for (int i = 0; i < 410_000; i++) {
      pickle.op('N').op('0');
    }
    refused(pickle.stop(), "more than 800000 instructions");
  }

  @Test
  void aBombOfReferencesIsNotExpanded() throws IOException {
    PickleBuilder bomb = new PickleBuilder().op('}').text("bomb").op(']').op('q').raw(0);
    for (int level = 1; level < 200; level++) {
      bomb.op(']').op('q').raw(level).op('(');
      for (int i = 0; i < 10; i++) {
        bomb.op('h').raw(level - 1);
      }
      bomb.op('e');
    }
    for (int level = 1; level < 200; level++) {
      bomb.op('a');
    }
    refused(bomb.op('s').stop(), "holds no tensors", "bomb");
  }

  @Test
  void whatContainsItselfIsNotFollowed() throws IOException {
    PickleBuilder list = new PickleBuilder().op('}').text("loop").op(']').op('q').raw(0);
    refused(list.op('h').raw(0).op('a').op('s').stop(), "holds no tensors", "loop");
    PickleBuilder dict = new PickleBuilder().op('}').op('q').raw(0).text("model").op('h').raw(0);
    refused(dict.op('s').stop(), "holds no tensors");
  }

  @Test
  void keptValuesMayHaveAnyNumber() throws IOException {
    refused(new PickleBuilder().op('}').op('r').little(4, -1).stop(), "holds no tensors");
    refused(new PickleBuilder().op('h').raw(7).stop(), "recalls value 7, which it never kept");
    refused(new PickleBuilder().op('q').raw(7).stop(), "empty stack");
  }

  @ParameterizedTest
  @CsvSource({
    "., empty stack",
    "0., empty stack",
    "(0., empty stack",
    "1., lacks a mark",
    "t., lacks a mark",
    "u., lacks a mark",
    "(., empty stack",
    "]]s., empty stack",
    "N)s., empty stack",
    "N)Ns., sets items of None",
    "}(Nu., key without a value",
    "NNa., appends to None",
    "(NNe., empty stack",
    "R., empty stack",
    "b., empty stack",
    "Z., 'instruction 0x5a, which torch.save does not write'",
    "N, 1 more bytes where 0 are left",
  })
  void senselessInstructionsAreRefused(String instructions, String part) throws IOException {
    refused(new PickleBuilder().utf8(instructions).bytes(), "data.pkl", part);
  }

  @Test
  void textMustBeUtf8() throws IOException {
    refused(new PickleBuilder().raw(0x8c, 2, 0xc3, 0x28).stop(), "not UTF-8");
    refused(new PickleBuilder().op('c').raw(0xff).utf8("\nx\n").stop(), "not UTF-8");
  }

  @Test
  void aGlobalWithoutAnEndIsRefused() throws IOException {
    refused(new PickleBuilder().op('c').utf8("x".repeat(2000)).stop(), "more than 1000");
    refused(new PickleBuilder().op('c').utf8("os").bytes(), "0 are left");
  }

  @Test
  void namesCannotBreakTheMessage() throws IOException {
    String name = "evil\u0007\u2028name" + "x".repeat(900);
    refused(new PickleBuilder().global("os", name).stop(), "asks to run os.evil??namexxx", "x…");
  }

  @Test
  void unknownProtocolsAreRefused() throws IOException {
    refused(new PickleBuilder().raw(0x80, 6).stop(), "protocol 6, expected at most 5");
  }

  private static byte[] repeat(int times, char opcode) {
    PickleBuilder pickle = new PickleBuilder();
    for (int i = 0; i < times; i++) {
      pickle.op(opcode);
    }
    return pickle.stop();
  }

  private void refused(byte[] pickle, String... parts) throws IOException {
    PthBuilder pth = new PthBuilder().pickle(pickle).storage("0", 1);
    Refused.opening(pth.writeTo(folder.resolve("hostile.pth")), parts);
  }
}
