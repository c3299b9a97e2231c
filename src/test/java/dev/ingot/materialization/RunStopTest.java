package dev.ingot.materialization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.engine.Cancellation;
import org.junit.jupiter.api.Test;

class RunStopTest {

  private final RunStop stop = new RunStop();

  @Test
  void aStopEndsWhatRunsAndWhatBeginsAfterIt() {
    Cancellation running = stop.begin();

    stop.stop("enough");

    assertThat(running.reason()).isEqualTo("enough");
    assertThat(stop.begin().reason()).isEqualTo("enough");
    assertThat(stop.why()).contains("enough");
  }

  @Test
  void whatHasEndedIsNotCancelled() {
    Cancellation done = stop.begin();
    stop.ended(done);

    stop.stop("enough");

    assertThat(done.reason()).isNull();
  }

  @Test
  void whatRunsCanBeEndedWithoutStoppingTheRun() {
    Cancellation running = stop.begin();

    stop.cancelRunning("another failed");

    assertThat(running.reason()).isEqualTo("another failed");
    assertThat(stop.why()).isEmpty();
    assertThat(stop.begin().reason()).isNull();
  }
}
