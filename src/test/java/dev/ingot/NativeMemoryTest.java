package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Linker;
import org.junit.jupiter.api.Test;

class NativeMemoryTest {

  @Test
  void theAllocatorTakesTheSetting() {
    assumeTrue(
        Linker.nativeLinker().defaultLookup().find("mallopt").isPresent(),
        "this C library has no mallopt");
    assertThat(NativeMemory.limit()).isTrue();
  }
}
