package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.materialization.MaterializationStore;
import dev.ingot.materialization.PublicationAnswer;
import dev.ingot.project.PackageKey;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.Server;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A publication whose commit is seen only after the package was loaded with the version before. */
class LateCommitTest {

  private static final PackageKey KEY = PackageKey.of("p", "dag");

  private static Fault silent() {
    return new Fault(FaultCode.CATALOG_UNAVAILABLE, "no answer came");
  }

  /** What the commit does that nobody heard of. */
  private static void commit(Server server) {
    var runs = server.bean(MaterializationStore.class);
    var manifests = server.bean(ManifestStore.class);
    Materialization run = runs.list(KEY, MaterializationStatus.RUNNING, 1, 0).getFirst();
    Map<String, Generation> built =
        manifests.generations(KEY).stream()
            .filter(one -> one.runId().equals(run.id()))
            .collect(Collectors.toMap(Generation::buildId, Function.identity()));
    List<ManifestEntry> entries =
        manifests.current(KEY).orElseThrow().entries().stream()
            .map(one ->
                new ManifestEntry(
                    Objects.requireNonNull(built.get(one.buildId())),
                    one.declared(),
                    one.sourceNames()))
            .toList();
    assertThat(runs.publish(run, 1, entries, Instant.now(), List.of()))
        .isEqualTo(new PublicationAnswer.Done(2));
  }

  @Test
  void isServedAllTheSameOnceItIsSeen(@TempDir Path folder) {
    var failpoints = new Failpoints();
    try (Server server = Server.start(folder, failpoints)) {
      FaultDag.create(server.packageFolder("dag"));
      PackageApi api = server.register("dag");
      api.buildOk();
      failpoints.reset();
      failpoints.at(
          new Step("MaterializationStore.publish", 1, false),
          () -> {
            throw silent();
          });
      failpoints.at(
          new Step("MaterializationStore.end", 1, false),
          () -> {
            server.client().post(api.path() + "/manifest/reload", "").expect(200);
            throw silent();
          });
      failpoints.at(new Step("MaterializationStore.end", 2, false), () -> commit(server));

      JsonNode run = api.build("{\"forceRefresh\":true}");
      Failpoints.awaitNoRun();

      assertThat(run.path("status").asString()).isEqualTo("SUCCESS");
      assertThat(api.manifest().path("version").asLong()).isEqualTo(2);
      assertThat(api.manifest().path("servedVersion").asLong()).isEqualTo(2);
      assertThat(api.rows(FaultDag.MODEL, FaultDag.QUERY).toString()).isEqualTo(FaultDag.answer(1));
    }
  }
}
