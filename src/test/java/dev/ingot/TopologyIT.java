package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.testing.Client;
import dev.ingot.testing.Topology;
import java.io.UncheckedIOException;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The processes that tests of several workers lean on do what they say. */
class TopologyIT {

  private static final String ALIVE = "/health/liveness";

  @TempDir Path folder;

  @Test
  void workersArePausedKilledAndRestartedOneByOne() {
    try (Topology topology = Topology.start(folder, 2)) {
      Client first = topology.client(0);
      Client second = topology.client(1);
      long before = topology.worker(1).pid();
      first.get(ALIVE).expect(200);
      second.get(ALIVE).expect(200);

      topology.pause(1);
      assertThatThrownBy(
              () -> second.send(second.request(ALIVE).timeout(Duration.ofMillis(300)).GET()))
          .isInstanceOf(UncheckedIOException.class)
          .hasCauseInstanceOf(HttpTimeoutException.class);
      first.get(ALIVE).expect(200);
      topology.resume(1);
      second.get(ALIVE).expect(200);

      topology.kill(1);
      assertThatThrownBy(() -> second.get(ALIVE)).isInstanceOf(UncheckedIOException.class);
      topology.restart(1);
      second.get(ALIVE).expect(200);
      assertThat(topology.worker(1).pid()).isNotEqualTo(before);

      topology.restart(0);
      first.get(ALIVE).expect(200);
    }
  }
}
