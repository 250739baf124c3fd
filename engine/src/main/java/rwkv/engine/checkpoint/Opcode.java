package rwkv.engine.checkpoint;

import org.jspecify.annotations.Nullable;

/** The pickle instructions known here: those of protocols 2 to 5, and those refused by name. */
enum Opcode {
  PROTO(0x80, Group.CONTROL),
  FRAME(0x95, Group.CONTROL),
  STOP('.', Group.CONTROL),
  MARK('(', Group.CONTROL),
  POP('0', Group.CONTROL),
  POP_MARK('1', Group.CONTROL),
  DUP('2', Group.CONTROL),
  NONE('N', Group.SCALAR),
  NEWTRUE(0x88, Group.SCALAR),
  NEWFALSE(0x89, Group.SCALAR),
  BININT('J', Group.SCALAR),
  BININT1('K', Group.SCALAR),
  BININT2('M', Group.SCALAR),
  LONG1(0x8a, Group.SCALAR),
  LONG4(0x8b, Group.SCALAR),
  BINFLOAT('G', Group.SCALAR),
  BINSTRING('T', Group.SCALAR),
  SHORT_BINSTRING('U', Group.SCALAR),
  BINUNICODE('X', Group.SCALAR),
  SHORT_BINUNICODE(0x8c, Group.SCALAR),
  BINUNICODE8(0x8d, Group.SCALAR),
  BINBYTES('B', Group.SCALAR),
  SHORT_BINBYTES('C', Group.SCALAR),
  BINBYTES8(0x8e, Group.SCALAR),
  BYTEARRAY8(0x96, Group.SCALAR),
  EMPTY_LIST(']', Group.CONTAINER),
  LIST('l', Group.CONTAINER),
  APPEND('a', Group.CONTAINER),
  APPENDS('e', Group.CONTAINER),
  EMPTY_TUPLE(')', Group.CONTAINER),
  TUPLE('t', Group.CONTAINER),
  TUPLE1(0x85, Group.CONTAINER),
  TUPLE2(0x86, Group.CONTAINER),
  TUPLE3(0x87, Group.CONTAINER),
  EMPTY_DICT('}', Group.CONTAINER),
  DICT('d', Group.CONTAINER),
  SETITEM('s', Group.CONTAINER),
  SETITEMS('u', Group.CONTAINER),
  BINPUT('q', Group.MEMO),
  LONG_BINPUT('r', Group.MEMO),
  MEMOIZE(0x94, Group.MEMO),
  BINGET('h', Group.MEMO),
  LONG_BINGET('j', Group.MEMO),
  GLOBAL('c', Group.CALL),
  STACK_GLOBAL(0x93, Group.CALL),
  REDUCE('R', Group.CALL),
  BUILD('b', Group.CALL),
  BINPERSID('Q', Group.CALL),
  INST('i', Group.CALL),
  OBJ('o', Group.CALL),
  NEWOBJ(0x81, Group.CALL),
  NEWOBJ_EX(0x92, Group.CALL),
  EXT1(0x82, Group.CALL),
  EXT2(0x83, Group.CALL),
  EXT4(0x84, Group.CALL);

  /** Which part of the machine an instruction is for. */
  enum Group {
    SCALAR,
    CONTAINER,
    MEMO,
    CALL,
    CONTROL
  }

  private static final @Nullable Opcode[] BY_CODE = new Opcode[256];

  static {
    for (Opcode opcode : values()) {
      BY_CODE[opcode.code] = opcode;
    }
  }

  private final int code;
  private final Group group;

  Opcode(int code, Group group) {
    this.code = code;
    this.group = group;
  }

  Group group() {
    return group;
  }

  static Opcode read(PickleInput input) {
    int code = input.u1();
    Opcode opcode = BY_CODE[code];
    if (opcode == null) {
      throw input.problem(
          "has the instruction 0x%02x, which torch.save does not write".formatted(code));
    }
    return opcode;
  }
}
