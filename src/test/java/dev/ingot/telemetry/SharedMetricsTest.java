package dev.ingot.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Scrape;
import dev.ingot.testing.Server;
import dev.ingot.testing.SharedServers;
import dev.ingot.testing.Wait;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a project's catalog, for as long as the project is there. */
class SharedMetricsTest {

  private static final String SILENCE = "ingot_catalog_silence_seconds";
  private static final String SESSIONS = "hikaricp_connections_max";

  @TempDir Path folder;

  @Test
  void aCatalogsSilenceAndSessionsAreToldUntilTheProjectIsGone() {
    try (var servers = SharedServers.over(folder)) {
      Server server = servers.start("management.server.port=0");
      int port = server.operatorsPort();
      server.client().get("/api/v0/projects/p/workers").expect(200);
      assertThat(has(port, SILENCE, "project", "p")).isTrue();
      // Heartbeats come twice a second.
      Wait.until("it answers", () -> Scrape.of(port).sum(SILENCE, "project=p") < 2);
      assertThat(has(port, SESSIONS, "pool", "catalog-p")).isTrue();

      server.client().delete("/api/v0/projects/p").expect(204);

      assertThat(has(port, SILENCE, "project", "p")).isFalse();
      assertThat(has(port, SESSIONS, "pool", "catalog-p")).isFalse();
    }
  }

  private static boolean has(int port, String name, String label, String value) {
    return Scrape.of(port).samples().stream()
        .filter(sample -> sample.name().equals(name))
        .anyMatch(sample -> value.equals(sample.labels().get(label)));
  }
}
