package dev.ingot.materialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.fault.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunEndTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @Test
  void aRunEndsByTheTablesEdgesOnly() {
    var ends = new ArrayList<String>();
    for (MaterializationStatus from : MaterializationStatus.values()) {
      for (MaterializationStatus to : MaterializationStatus.values()) {
        try {
          var end = new RunEnd(from, to, NOW, null, List.of());
          ends.add(end.from() + " to " + end.to());
        } catch (IllegalArgumentException refused) {
          assertThat(refused).hasMessageContaining(from + " to " + to);
        }
      }
    }

    assertThat(ends)
        .containsExactly(
            "PENDING to CANCELLED",
            "RUNNING to SUCCESS",
            "RUNNING to FAILED",
            "RUNNING to CANCELLED");
  }

  @Test
  void theErrorOfAFailureIsTheFirstOfItsProblemsThatIsOne() {
    Problem warning = Problem.warning("w", "careful");
    Problem error = Problem.error("e", "broken", "m.malloy", 1, 2);

    RunOutcome.Failed failed = RunOutcome.Failed.of(List.of(warning, error));

    assertThat(failed.error()).isEqualTo(error.text());
    assertThat(failed.problems()).containsExactly(warning, error);
  }

  @Test
  void nothingFailsWithoutAnError() {
    assertThatThrownBy(() -> RunOutcome.Failed.of(List.of())).isInstanceOf(RuntimeException.class);
  }
}
