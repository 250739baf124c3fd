package rwkv.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * What is used of oneDNN's C functions. Everything that is made lives as long as the arena it is
 * made in, and is destroyed with it, in reverse order.
 *
 * <p>Functions that fail throw {@link IllegalStateException} with oneDNN's status.
 */
final class OneDnn {

  static final int ARG_SOURCE = 1;
  static final int ARG_TO = 17;
  static final int ARG_WEIGHTS = 33;
  static final int ARG_SCRATCHPAD = 80;

  private static final int CPU = 1;
  private static final int IN_ORDER = 1;
  private static final int LAYOUT_ANY = 1;
  private static final int SCRATCHPAD_OF_CALLER = 1;
  private static final int UNIMPLEMENTED = 3;
  private static final int QUERY_NAME = 8;
  private static final int QUERY_WEIGHTS = 131;
  private static final int QUERY_SCRATCHPAD = 136;

  /** {@code dnnl_exec_arg_t}: an int, and a pointer to a memory object. */
  private static final int ARGUMENT_BYTES = 16;

  /** A memory object as an argument of a primitive. */
  record Argument(int kind, MemorySegment memory) {}

  private final SymbolLookup library;
  private final MethodHandle setThreads;
  private final MethodHandle engineCreate;
  private final MethodHandle engineDestroy;
  private final MethodHandle streamCreate;
  private final MethodHandle streamDestroy;
  private final MethodHandle attributesCreate;
  private final MethodHandle attributesDestroy;
  private final MethodHandle setScratchpad;
  private final MethodHandle layoutByTag;
  private final MethodHandle layoutByStrides;
  private final MethodHandle layoutDestroy;
  private final MethodHandle layoutBytes;
  private final MethodHandle matmulDescribe;
  private final MethodHandle reorderDescribe;
  private final MethodHandle descriptionDestroy;
  private final MethodHandle queryLayout;
  private final MethodHandle query;
  private final MethodHandle primitiveCreate;
  private final MethodHandle primitiveDestroy;
  private final MethodHandle primitiveExecute;
  private final MethodHandle memoryCreate;
  private final MethodHandle memoryDestroy;

  /**
   * @param library oneDNN 3 with OpenMP
   * @throws IllegalStateException if it lacks a function
   */
  OneDnn(SymbolLookup library) {
    this.library = library;
    setThreads = find("omp_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT));
    engineCreate = function("dnnl_engine_create", ADDRESS, JAVA_INT, JAVA_LONG);
    engineDestroy = function("dnnl_engine_destroy", ADDRESS);
    streamCreate = function("dnnl_stream_create", ADDRESS, ADDRESS, JAVA_INT);
    streamDestroy = function("dnnl_stream_destroy", ADDRESS);
    attributesCreate = function("dnnl_primitive_attr_create", ADDRESS);
    attributesDestroy = function("dnnl_primitive_attr_destroy", ADDRESS);
    setScratchpad = function("dnnl_primitive_attr_set_scratchpad_mode", ADDRESS, JAVA_INT);
    layoutByTag =
        function(
            "dnnl_memory_desc_create_with_tag", ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    layoutByStrides =
        function(
            "dnnl_memory_desc_create_with_strides", ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
    layoutDestroy = function("dnnl_memory_desc_destroy", ADDRESS);
    layoutBytes = find("dnnl_memory_desc_get_size", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
    matmulDescribe =
        function(
            "dnnl_matmul_primitive_desc_create",
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS);
    reorderDescribe =
        function(
            "dnnl_reorder_primitive_desc_create",
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS);
    descriptionDestroy = function("dnnl_primitive_desc_destroy", ADDRESS);
    queryLayout =
        find(
            "dnnl_primitive_desc_query_md",
            FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT, JAVA_INT));
    query = function("dnnl_primitive_desc_query", ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    primitiveCreate = function("dnnl_primitive_create", ADDRESS, ADDRESS);
    primitiveDestroy = function("dnnl_primitive_destroy", ADDRESS);
    primitiveExecute = function("dnnl_primitive_execute", ADDRESS, ADDRESS, JAVA_INT, ADDRESS);
    memoryCreate = function("dnnl_memory_create", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    memoryDestroy = function("dnnl_memory_destroy", ADDRESS);
  }

  private MethodHandle function(String name, MemoryLayout... arguments) {
    return find(name, FunctionDescriptor.of(JAVA_INT, arguments));
  }

  private MethodHandle find(String name, FunctionDescriptor type) {
    MemorySegment address =
        library
            .find(name)
            .orElseThrow(() -> new IllegalStateException("oneDNN's library has no " + name));
    MethodHandle handle = Linker.nativeLinker().downcallHandle(address, type);
    return handle
        .asSpreader(Object[].class, type.argumentLayouts().size())
        .asType(MethodType.methodType(Object.class, Object[].class));
  }

  /**
   * Has OpenMP use no other thread than the calling one, which it keeps for every thread: whoever
   * makes or executes a primitive calls this before.
   */
  void alone() {
    call(setThreads, 1);
  }

  MemorySegment engine(Arena arena) {
    return made("an engine", engineCreate, engineDestroy, arena, CPU, 0L);
  }

  MemorySegment stream(MemorySegment engine, Arena arena) {
    return made("a stream", streamCreate, streamDestroy, arena, engine, IN_ORDER);
  }

  /** Attributes of a primitive whose working memory is given to it with every call. */
  MemorySegment attributes(Arena arena) {
    MemorySegment attributes = made("attributes", attributesCreate, attributesDestroy, arena);
    check("a scratchpad", (int) call(setScratchpad, attributes, SCRATCHPAD_OF_CALLER));
    return attributes;
  }

  /** A matrix {@code [rows, columns]} in whatever layout suits the primitive. */
  MemorySegment anyLayout(long rows, long columns, Precision precision, Arena arena) {
    MemorySegment sizes = arena.allocateFrom(JAVA_LONG, rows, columns);
    return made(
        "a layout", layoutByTag, layoutDestroy, arena, 2, sizes, precision.type(), LAYOUT_ANY);
  }

  /** A matrix {@code [rows, columns]} of which number [i, j] is at i · down + j · right. */
  MemorySegment layout(
      long rows, long columns, long down, long right, Precision precision, Arena arena) {
    MemorySegment sizes = arena.allocateFrom(JAVA_LONG, rows, columns);
    MemorySegment strides = arena.allocateFrom(JAVA_LONG, down, right);
    return made(
        "a layout", layoutByStrides, layoutDestroy, arena, 2, sizes, precision.type(), strides);
  }

  long bytes(MemorySegment layout) {
    return (long) call(layoutBytes, layout);
  }

  /** to ← from · weights; null if oneDNN has nothing for it on this CPU. */
  @Nullable MemorySegment matmul(
      MemorySegment engine,
      MemorySegment from,
      MemorySegment weights,
      MemorySegment to,
      MemorySegment attributes,
      Arena arena) {
    MemorySegment result = arena.allocate(ADDRESS);
    MemorySegment bias = MemorySegment.NULL;
    int status = (int) call(matmulDescribe, result, engine, from, weights, bias, to, attributes);
    return status == UNIMPLEMENTED
        ? null
        : owned("a product", status, result, descriptionDestroy, arena);
  }

  /** A copy into another layout or type. */
  MemorySegment reorder(
      MemorySegment engine,
      MemorySegment from,
      MemorySegment to,
      MemorySegment attributes,
      Arena arena) {
    return made(
        "a copy", reorderDescribe, descriptionDestroy, arena, from, engine, to, engine, attributes);
  }

  /** oneDNN's name for what does it, as in "brg_matmul:avx10_1_512_amx". */
  String implementation(MemorySegment description) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocate(ADDRESS);
      check("a name", (int) call(query, description, QUERY_NAME, 0, name));
      return name.get(ADDRESS, 0).reinterpret(Long.MAX_VALUE).getString(0);
    }
  }

  /** The layout of its weights; lives as long as the description. */
  MemorySegment weights(MemorySegment description) {
    return (MemorySegment) call(queryLayout, description, QUERY_WEIGHTS, 0);
  }

  /** The layout of its working memory; lives as long as the description. */
  MemorySegment scratchpad(MemorySegment description) {
    return (MemorySegment) call(queryLayout, description, QUERY_SCRATCHPAD, 0);
  }

  MemorySegment primitive(MemorySegment description, Arena arena) {
    return made("a primitive", primitiveCreate, primitiveDestroy, arena, description);
  }

  /** Numbers in memory; they may be gone before the arena is closed, but then not used. */
  MemorySegment memory(
      MemorySegment engine, MemorySegment layout, MemorySegment numbers, Arena arena) {
    return made("memory", memoryCreate, memoryDestroy, arena, layout, engine, numbers);
  }

  /** Runs on the calling thread, after {@link #alone}; returns when it is done. */
  void execute(MemorySegment primitive, MemorySegment stream, Argument... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment list = arena.allocate(ARGUMENT_BYTES * (long) arguments.length, 8);
      for (int i = 0; i < arguments.length; i++) {
        list.set(JAVA_INT, i * (long) ARGUMENT_BYTES, arguments[i].kind());
        list.set(ADDRESS, i * (long) ARGUMENT_BYTES + 8, arguments[i].memory());
      }
      check("a run", (int) call(primitiveExecute, primitive, stream, arguments.length, list));
    }
  }

  private static MemorySegment made(
      String what, MethodHandle create, MethodHandle destroy, Arena arena, Object... arguments) {
    MemorySegment result = arena.allocate(ADDRESS);
    Object[] all = new Object[arguments.length + 1];
    all[0] = result;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return owned(what, (int) call(create, all), result, destroy, arena);
  }

  private static MemorySegment owned(
      String what, int status, MemorySegment result, MethodHandle destroy, Arena arena) {
    check(what, status);
    return result.get(ADDRESS, 0).reinterpret(arena, made -> call(destroy, made));
  }

  private static Object call(MethodHandle function, Object... arguments) {
    try {
      return function.invokeExact(arguments);
    } catch (RuntimeException | Error problem) {
      throw problem;
    } catch (Throwable problem) {
      throw new IllegalStateException(problem);
    }
  }

  private static void check(String what, int status) {
    if (status != 0) {
      throw new IllegalStateException("oneDNN refuses " + what + " with status " + status);
    }
  }
}
