package rwkv.engine.checkpoint;

import rwkv.engine.checkpoint.PickleValue.Bool;
import rwkv.engine.checkpoint.PickleValue.Bytes;
import rwkv.engine.checkpoint.PickleValue.Int;
import rwkv.engine.checkpoint.PickleValue.None;
import rwkv.engine.checkpoint.PickleValue.Real;
import rwkv.engine.checkpoint.PickleValue.Text;

/** The instructions that push a number, a text or a truth value. */
final class PickleScalars {

  private PickleScalars() {}

  static PickleValue read(Opcode opcode, PickleInput input) {
    return switch (opcode) {
      case NONE -> None.NONE;
      case NEWTRUE -> new Bool(true);
      case NEWFALSE -> new Bool(false);
      case BININT -> new Int(input.i4());
      case BININT1 -> new Int(input.u1());
      case BININT2 -> new Int(input.u2());
      case LONG1 -> new Int(input.wholeNumber(input.u1()));
      case LONG4 -> new Int(input.wholeNumber(input.u4()));
      case BINFLOAT -> new Real(input.f8());
      case SHORT_BINSTRING, SHORT_BINUNICODE -> new Text(input.text(input.u1()));
      case BINSTRING, BINUNICODE -> new Text(input.text(input.u4()));
      case BINUNICODE8 -> new Text(input.text(input.i8()));
      case SHORT_BINBYTES -> bytes(input, input.u1());
      case BINBYTES -> bytes(input, input.u4());
      case BINBYTES8, BYTEARRAY8 -> bytes(input, input.i8());
      default -> throw new AssertionError(opcode);
    };
  }

  private static Bytes bytes(PickleInput input, long length) {
    input.skip(length);
    return new Bytes(length);
  }
}
