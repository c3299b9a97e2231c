package dev.ingot.state.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.state.store.Fixture;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DuckDB's calls hold their carrier, so that none is made on a virtual thread. */
class VirtualThreadStateTest {

  @TempDir Path folder;

  private static boolean isVirtual() {
    return Thread.currentThread().isVirtual();
  }

  @Test
  void aVirtualThreadsReadsAndWritesAreMadeOnPlatformThreads() throws Exception {
    try (var fixture = new Fixture(folder);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      LocalState state = fixture.state.local();

      var virtual =
          threads
              .submit(() ->
                  state.write(session -> {
                    session.sql("INSERT INTO views VALUES ('p', 'o', 'c', 's', 'n')").update();
                    // In the same transaction, and so on the same thread.
                    long seen =
                        state.read(nested ->
                            nested.sql("SELECT count(*) FROM views").query(Long.class).single());
                    assertThat(seen).isEqualTo(1);
                    return List.of(isVirtual(), state.write(nested -> isVirtual()));
                  }))
              .get();

      assertThat(virtual).containsOnly(false);
      assertThat(threads.submit(() -> state.read(session -> isVirtual())).get()).isFalse();
      assertThat(fixture.count("views")).isEqualTo(1);
    }
  }

  @Test
  void aVirtualThreadIsRefusedAConnection() {
    try (var fixture = new Fixture(folder);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var asked = threads.submit(() -> fixture.state.client().sql("SELECT 1").query().listOfRows());

      assertThatThrownBy(asked::get)
          .hasRootCauseInstanceOf(IllegalStateException.class)
          .rootCause()
          .hasMessageContaining("carrier");
    }
  }
}
