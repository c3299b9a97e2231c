package dev.ingot.state;

import static dev.ingot.state.Fixture.KEY;
import static dev.ingot.state.Fixture.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.fault.StartupFailure;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateDatabaseTest {

  @TempDir Path home;

  @Test
  void aFileOfANewerSchemaIsRefusedAndLeftAsItWas() throws IOException {
    try (var fixture = new Fixture(home)) {
      fixture.state.client().sql("UPDATE schema_version SET version = 99").update();
    }
    Path file = home.toRealPath().resolve("state.duckdb");
    byte[] before = Files.readAllBytes(file);

    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> new Fixture(home))
          .isInstanceOfSatisfying(
              StartupFailure.class,
              failure -> {
                assertThat(failure).hasMessageContainingAll(file.toString(), "newer", "99");
                assertThat(failure.action()).contains("ingot.home");
              });
      assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }
  }

  @Test
  void aFileThatIsNoStateIsRefusedAndLeftAsItWas() throws IOException {
    Path file = home.toRealPath().resolve("state.duckdb");
    byte[] text = "not a database".repeat(1000).getBytes(UTF_8);
    Files.write(file, text);

    assertThatThrownBy(() -> new Fixture(home))
        .isInstanceOf(StartupFailure.class)
        .hasMessageContaining(file.toString());

    assertThat(Files.readAllBytes(file)).isEqualTo(text);
  }

  @Test
  void aGenerationIsReusableWhileItIsCurrentOrFreshFromARunThatFailed() {
    try (var fixture = new Fixture(home)) {
      Materialization first = fixture.running(KEY);
      var old = fixture.entry(first, "a");
      fixture.runs.publish(first, List.of(old), NOW, List.of());
      Materialization second = fixture.running(KEY);
      var current = fixture.entry(second, "a");
      fixture.runs.publish(second, List.of(current), NOW, List.of());
      Materialization third = fixture.running(KEY);
      var orphan = fixture.entry(third, "b");

      assertThat(fixture.manifests.reusable(KEY, NOW)).containsExactly(current.generation());
      fixture.end(third, MaterializationStatus.RUNNING, MaterializationStatus.FAILED);
      assertThat(fixture.manifests.reusable(KEY, NOW))
          .containsExactlyInAnyOrder(current.generation(), orphan.generation());
      assertThat(fixture.manifests.reusable(KEY, NOW.plusSeconds(1)))
          .containsExactly(current.generation());
    }
  }
}
