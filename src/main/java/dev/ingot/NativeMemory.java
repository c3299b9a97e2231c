package dev.ingot;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

/**
 * What the C library's allocator keeps of the memory that DuckDB has given back; DuckDB's JDBC
 * driver brings no allocator of its own. The values are those of {@code mallopt(3)} in glibc.
 */
final class NativeMemory {

  private static final int MMAP_THRESHOLD = -3;
  private static final int ARENA_MAX = -8;

  /** In bytes: glibc's own first value. DuckDB's blocks of 256 KiB are above it. */
  private static final int LARGE_BLOCK = 128 << 10;

  private static final int ARENAS = 2;

  private NativeMemory() {}

  /**
   * Has large blocks mapped one by one, so that each goes back to the operating system when it is
   * freed, and small ones kept in two arenas. glibc begins with the first, but raises the threshold
   * when such a block is freed: from then on DuckDB's blocks lie between small ones. Of arenas it
   * makes eight for each processor, all with holes.
   *
   * <p>To be called before other threads allocate.
   *
   * @return false where the C library has no {@code mallopt} or doesn't take the values
   */
  static boolean limit() {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("mallopt")
        .map(mallopt ->
            set(linker, mallopt, MMAP_THRESHOLD, LARGE_BLOCK)
                && set(linker, mallopt, ARENA_MAX, ARENAS))
        .orElse(false);
  }

  @SuppressWarnings("restricted") // the jar's manifest enables native access
  private static boolean set(Linker linker, MemorySegment mallopt, int option, int value) {
    var call = linker.downcallHandle(mallopt, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    try {
      return (int) call.invokeExact(option, value) == 1;
    } catch (Throwable e) {
      throw new IllegalStateException("mallopt(%d, %d)".formatted(option, value), e);
    }
  }
}
