package rwkv.engine.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Advice to Linux about memory; elsewhere nothing is said, and all works as well, with more memory.
 */
final class Pages {

  /** A huge page; less is not worth advice. */
  private static final long HUGE = 2 << 20;

  private static final long PAGE = 4096;
  private static final int MADV_DONTNEED = 4;
  private static final int MADV_HUGEPAGE = 14;

  /** Loaded when it is first needed: a small model needs none of it. */
  private static final class Linux {
    static final @Nullable MethodHandle MEMALIGN =
        find("aligned_alloc", FunctionDescriptor.of(ADDRESS, JAVA_LONG, JAVA_LONG));
    static final @Nullable MethodHandle FREE = find("free", FunctionDescriptor.ofVoid(ADDRESS));
    static final @Nullable MethodHandle MADVISE =
        find("madvise", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

    private static @Nullable MethodHandle find(String name, FunctionDescriptor type) {
      if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")) {
        return null;
      }
      Linker linker = Linker.nativeLinker();
      return linker
          .defaultLookup()
          .find(name)
          .map(address -> linker.downcallHandle(address, type))
          .orElse(null);
    }
  }

  private Pages() {}

  /**
   * Memory with unknown content, on huge pages where there are some: jumping about in it then costs
   * few misses, and it is had faster.
   */
  static MemorySegment allocate(long bytes, Arena arena) {
    MethodHandle allocate = bytes < HUGE ? null : Linux.MEMALIGN;
    MethodHandle free = bytes < HUGE ? null : Linux.FREE;
    if (allocate == null || free == null) {
      return arena.allocate(bytes, 64);
    }
    try {
      long whole = Math.ceilDiv(bytes, HUGE) * HUGE;
      MemorySegment memory = (MemorySegment) allocate.invokeExact(HUGE, whole);
      if (memory.address() == 0) {
        return arena.allocate(bytes, 64);
      }
      advise(memory.address(), whole, MADV_HUGEPAGE);
      return memory.reinterpret(bytes, arena, m -> free(free, m));
    } catch (Throwable problem) {
      throw new IllegalStateException(problem);
    }
  }

  private static void free(MethodHandle free, MemorySegment memory) {
    try {
      free.invokeExact(memory);
    } catch (Throwable problem) {
      throw new IllegalStateException(problem);
    }
  }

  /**
   * Gives back the pages that lie wholly in a mapped file's segment; who reads it again gets them
   * again. Other memory stays as it is.
   */
  static void giveBack(MemorySegment mapped) {
    if (!mapped.isMapped() || !mapped.isReadOnly() || mapped.byteSize() < HUGE) {
      return;
    }
    long from = Math.ceilDiv(mapped.address(), PAGE) * PAGE;
    long until = (mapped.address() + mapped.byteSize()) / PAGE * PAGE;
    advise(from, until - from, MADV_DONTNEED);
  }

  private static void advise(long address, long bytes, int advice) {
    MethodHandle madvise = Linux.MADVISE;
    if (madvise == null) {
      return;
    }
    try {
      int unused = (int) madvise.invokeExact(MemorySegment.ofAddress(address), bytes, advice);
    } catch (Throwable problem) {
      throw new IllegalStateException(problem);
    }
  }
}
