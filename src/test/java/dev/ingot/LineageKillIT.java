package dev.ingot;

import static dev.ingot.testing.LineageReceiver.said;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.JarServer;
import dev.ingot.testing.LineageReceiver;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A server that is killed in the middle of a build that others are told of. */
class LineageKillIT {

  @TempDir Path folder;

  @Test
  void aRunThatIsKilledHasOneEndAndSoHasEachTableThatItBegan()
      throws IOException, InterruptedException {
    try (LineageReceiver receiver = LineageReceiver.on(0)) {
      String id;
      try (JarServer server = JarServer.start(folder, receiver.setting())) {
        PackageApi sample = server.sample();
        id = sample.create("{}");
        sample.start(id);
        Wait.until(
            "a table is built",
            () -> sample.get(id).path("targets").toString().contains("\"RUNNING\""));
        server.kill();
      }
      assertThat(said(receiver.events(id))).containsOnly("START demo.flights");

      try (JarServer server = JarServer.start(folder, receiver.setting())) {
        List<JsonNode> events = receiver.ended(id);

        assertThat(said(events))
            .startsWith("START demo.flights")
            .endsWith("FAIL demo.flights")
            .containsOnlyOnce("FAIL demo.flights");
        for (JsonNode event : events) {
          String run = event.path("run").path("runId").asString();
          assertThat(
                  events.stream()
                      .filter(one -> one.path("run").path("runId").asString().equals(run))
                      .filter(one -> !one.path("eventType").asString().equals("START")))
              .as("the ends of " + event.path("job").path("name"))
              .hasSize(1);
        }
        assertThat(events.size()).as("tables are among them").isGreaterThan(2);
        assertThat(said(receiver.ended(server.sample().buildOk().path("id").asString())))
            .endsWith("COMPLETE demo.flights");
      }
    }
  }
}
