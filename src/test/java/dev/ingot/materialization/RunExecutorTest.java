package dev.ingot.materialization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.manifest.ManifestStore;
import dev.ingot.project.PackageKey;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import dev.ingot.testing.SlowSql;
import dev.ingot.testing.Wait;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunExecutorTest {

  private static final PackageKey KEY = PackageKey.of("p", "endless");
  private static final String MODEL =
      """
      source: numbers is duckdb.sql(\"""%s\""")
      #@ persist name="endless"
      source: endless is numbers -> { aggregate: x is max(h) }
      """
          .formatted(SlowSql.SELECT);

  @Test
  void aStopBetweenTheClaimAndTheFirstStepIsNotLost(@TempDir Path folder) {
    try (Server server = Server.start(folder)) {
      PackageFiles.create(server.packageFolder("endless")).model("endless.malloy", MODEL);
      server.register("endless");
      MaterializationService service = server.bean(MaterializationService.class);
      MaterializationStore store = server.bean(MaterializationStore.class);
      String id = service.create(KEY, RunOptions.DEFAULT).id();
      var claim = (Claim.Granted) store.claim(KEY, id, Instant.now());
      service.stop(KEY, id);

      RunExecutor executor = server.bean(RunExecutor.class);
      executor.execute(claim.run());

      // Its only target would take hours.
      Wait.until("the run is over", () -> executor.carriedOut(KEY).isEmpty());
      assertThat(server.bean(ManifestStore.class).unfinished()).isEmpty();
      assertThat(service.get(KEY, id).status()).isEqualTo(MaterializationStatus.CANCELLED);
    }
  }
}
