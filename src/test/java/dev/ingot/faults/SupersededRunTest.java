package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.manifest.ManifestStore;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.manifest.ManifestVersion.Cause;
import dev.ingot.materialization.MaterializationStore;
import dev.ingot.project.PackageKey;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.Server;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A run that began from another version than the one that is current when it publishes. */
class SupersededRunTest {

  private static final PackageKey KEY = PackageKey.of("p", "dag");

  /** Nobody publishes while a run is RUNNING; here somebody does who doesn't ask. */
  private static void publishNothing(Server server) {
    long next = server.bean(ManifestStore.class).currentNumber(KEY) + 1;
    var empty = new ManifestVersion(KEY, next, new Cause.Teardown(), Instant.now(), List.of());
    assertThat(server.bean(MaterializationStore.class).publish(empty, Set.of())).isTrue();
  }

  @Test
  void failsAndWritesNothingOverWhatItHasNotSeen(@TempDir Path folder) {
    var failpoints = new Failpoints();
    try (Server server = Server.start(folder, failpoints)) {
      FaultDag.create(server.packageFolder("dag"));
      PackageApi api = server.register("dag");
      api.buildOk();
      failpoints.reset();
      failpoints.at(
          new Step("MaterializationStore.publish", 1, false), () -> publishNothing(server));

      JsonNode run = api.build("{\"forceRefresh\":true}");

      assertThat(run.path("status").asString()).isEqualTo("FAILED");
      assertThat(run.path("problems").path(0).path("code").asString())
          .isEqualTo("version_superseded");
      assertThat(run.path("error").asString())
          .isEqualTo("Version 2 was published while this run built on version 1; start another");
      Failpoints.awaitNoRun();
      assertThat(api.manifest().path("version").asLong()).isEqualTo(2);
      assertThat(api.manifest().path("entries")).isEmpty();
      assertThat(api.build().path("status").asString()).isEqualTo("SUCCESS");
      assertThat(api.manifest().path("version").asLong()).isEqualTo(3);
      assertThat(api.rows(FaultDag.MODEL, FaultDag.QUERY).toString()).isEqualTo(FaultDag.answer(1));
      Failpoints.awaitNoRun();
      assertThat(Ledger.differences(server, "dag")).isEmpty();
    }
  }
}
