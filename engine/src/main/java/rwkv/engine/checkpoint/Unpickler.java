package rwkv.engine.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import rwkv.engine.checkpoint.PickleValue.Dict;
import rwkv.engine.checkpoint.PickleValue.Sequence;
import rwkv.engine.checkpoint.PickleValue.Text;
import rwkv.engine.checkpoint.PickleValue.Tuple;

/**
 * Reads the pickle in a {@code .pth} file. A pickle is a program for a small stack machine that, in
 * Python, may import and call anything. This machine knows the instructions that torch.save writes
 * and a closed list of names (see {@link PickleCalls}); it builds plain values and cannot do
 * anything else.
 *
 * <p>Its cost is bounded by the file: every instruction takes at least one byte and makes at most
 * one value, text is no longer than the bytes it is read from, references are shared and never
 * expanded, and there is no recursion. The caps on instructions, stack and nesting are far above
 * what a model needs.
 */
final class Unpickler {

  /** A tensor takes about 40 instructions. */
  private static final int MAX_INSTRUCTIONS = 40 * TensorTable.MAX_TENSORS;

  private static final long MAX_BYTES = 16L << 20;

  private final PickleInput input;
  private final PickleStack stack;
  private final PickleCalls calls;
  private final Map<Long, PickleValue> memo = new HashMap<>();

  private Unpickler(PickleInput input) {
    this.input = input;
    this.stack = new PickleStack(input);
    this.calls = new PickleCalls(input);
  }

  /** The value that the pickle builds. */
  static PickleValue read(MappedFile file, MemorySegment pickle) {
    if (pickle.byteSize() > MAX_BYTES) {
      throw file.problem(
          "data.pkl may have at most " + MAX_BYTES + " bytes, found " + pickle.byteSize());
    }
    return new Unpickler(new PickleInput(file, pickle)).run();
  }

  private PickleValue run() {
    for (int i = 0; i < MAX_INSTRUCTIONS; i++) {
      Opcode opcode = Opcode.read(input);
      if (opcode == Opcode.STOP) {
        return stack.pop();
      }
      step(opcode);
    }
    throw input.problem("has more than " + MAX_INSTRUCTIONS + " instructions");
  }

  private void step(Opcode opcode) {
    switch (opcode.group()) {
      case SCALAR -> stack.push(PickleScalars.read(opcode, input));
      case CONTAINER -> container(opcode);
      case MEMO -> memo(opcode);
      case CALL -> call(opcode);
      case CONTROL -> control(opcode);
    }
  }

  private void container(Opcode opcode) {
    switch (opcode) {
      case EMPTY_LIST -> stack.push(new Sequence(new ArrayList<>()));
      case LIST -> stack.push(new Sequence(new ArrayList<>(stack.popToMark())));
      case APPEND -> extend(List.of(stack.pop()));
      case APPENDS -> extend(stack.popToMark());
      case EMPTY_TUPLE -> stack.push(new Tuple(List.of()));
      case TUPLE1 -> stack.push(new Tuple(stack.pop(1)));
      case TUPLE2 -> stack.push(new Tuple(stack.pop(2)));
      case TUPLE3 -> stack.push(new Tuple(stack.pop(3)));
      case TUPLE -> stack.push(new Tuple(stack.popToMark()));
      case EMPTY_DICT -> stack.push(new Dict(new ArrayList<>()));
      case DICT -> {
        List<PickleValue> pairs = stack.popToMark();
        stack.push(new Dict(new ArrayList<>()));
        setItems(pairs);
      }
      case SETITEM -> setItems(stack.pop(2));
      case SETITEMS -> setItems(stack.popToMark());
      default -> throw new AssertionError(opcode);
    }
  }

  private void extend(List<PickleValue> items) {
    if (!(stack.peek() instanceof Sequence(List<PickleValue> list))) {
      throw input.problem("appends to " + stack.peek().kind());
    }
    list.addAll(items);
  }

  private void setItems(List<PickleValue> pairs) {
    if (!(stack.peek() instanceof Dict(List<Dict.Item> items))) {
      throw input.problem("sets items of " + stack.peek().kind());
    }
    if (pairs.size() % 2 != 0) {
      throw input.problem("has a key without a value");
    }
    for (int i = 0; i < pairs.size(); i += 2) {
      items.add(new Dict.Item(pairs.get(i), pairs.get(i + 1)));
    }
  }

  private void memo(Opcode opcode) {
    switch (opcode) {
      case BINPUT -> memo.put((long) input.u1(), stack.peek());
      case LONG_BINPUT -> memo.put(input.u4(), stack.peek());
      case MEMOIZE -> memo.put((long) memo.size(), stack.peek());
      case BINGET -> recall(input.u1());
      case LONG_BINGET -> recall(input.u4());
      default -> throw new AssertionError(opcode);
    }
  }

  private void recall(long key) {
    PickleValue value = memo.get(key);
    if (value == null) {
      throw input.problem("recalls value " + key + ", which it never kept");
    }
    stack.push(value);
  }

  private void call(Opcode opcode) {
    switch (opcode) {
      case GLOBAL -> stack.push(calls.global(input.line(), input.line()));
      case STACK_GLOBAL -> {
        List<PickleValue> names = stack.pop(2);
        if (!(names.get(0) instanceof Text(String module))
            || !(names.get(1) instanceof Text(String name))) {
          throw input.problem("names a global by something that is not text");
        }
        stack.push(calls.global(module, name));
      }
      case REDUCE -> {
        PickleValue arguments = stack.pop();
        stack.push(calls.call(stack.pop(), arguments));
      }
      case BUILD -> {
        PickleValue attributes = stack.pop();
        calls.build(stack.peek(), attributes);
      }
      case BINPERSID -> stack.push(calls.storage(stack.pop()));
      case INST -> throw input.refused(input.line() + "." + input.line());
      case EXT1, EXT2, EXT4 -> throw input.refused("a function by its number");
      case NEWOBJ, NEWOBJ_EX, OBJ -> throw input.refused("the constructor of an object");
      default -> throw new AssertionError(opcode);
    }
  }

  private void control(Opcode opcode) {
    switch (opcode) {
      case PROTO -> {
        int protocol = input.u1();
        if (protocol > 5) {
          throw input.problem("has the pickle protocol " + protocol + ", expected at most 5");
        }
      }
      // Frames only help a reader that reads in blocks.
      case FRAME -> input.i8();
      case MARK -> stack.mark();
      case POP_MARK -> stack.popToMark();
      case DUP -> stack.push(stack.peek());
      case POP -> {
        if (stack.endsInMark()) {
          stack.popToMark();
        } else {
          stack.pop();
        }
      }
      default -> throw new AssertionError(opcode);
    }
  }
}
