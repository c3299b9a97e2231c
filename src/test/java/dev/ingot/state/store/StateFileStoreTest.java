package dev.ingot.state.store;

import static dev.ingot.state.store.Stores.KEY;
import static dev.ingot.state.store.Stores.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.engine.TableName;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageRegistration;
import dev.ingot.project.Project;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a state file does. */
class StateFileStoreTest {

  @TempDir Path folder;
  private Fixture file;

  @BeforeEach
  void open() {
    file = new Fixture(folder);
  }

  @AfterEach
  void close() {
    file.close();
  }

  /** Not with a catalog: what is registered is each server's own, and unloading it harms no run. */
  @Test
  void aPackageWithARunningRunIsNotDeleted() {
    file.projects.insert(new Project(KEY.project(), null, NOW));
    file.projects.insert(new PackageRegistration(KEY, "x", folder, null, false, NOW));
    Materialization run = file.running(KEY);

    assertThatThrownBy(() -> file.projects.delete(KEY, false))
        .isInstanceOfSatisfying(
            Fault.class, fault -> assertThat(fault.code()).isEqualTo(FaultCode.PACKAGE_BUSY));
    assertThat(file.projects.delete(KEY.project())).as("a project with packages").isFalse();
    assertThat(file.projects.find(KEY)).isPresent();
    assertThat(file.status(run)).isEqualTo(MaterializationStatus.RUNNING);

    file.end(run, MaterializationStatus.RUNNING, MaterializationStatus.FAILED);
    assertThat(file.projects.delete(KEY, false)).isTrue();
    assertThat(file.runs.find(KEY, run.id())).isEmpty();
    assertThat(file.projects.delete(KEY, false)).isFalse();
    assertThat(file.projects.delete(KEY.project())).isTrue();
  }

  /**
   * Registrations are kept in memory, so what was just written must not be what was read before.
   */
  @Test
  void nobodyReadsARegistrationThatWasChangedBefore() throws Exception {
    file.projects.insert(new Project(KEY.project(), null, NOW));
    var registration = new PackageRegistration(KEY, "0", folder, null, false, NOW);
    file.projects.insert(registration);
    var written = new AtomicInteger();

    List<Integer> tooOld =
        Race.atOnce(
            4,
            thread -> {
              int stale = 0;
              int atLeast;
              do {
                if (thread == 0) {
                  String next = Integer.toString(written.get() + 1);
                  file.projects.update(registration.withLocation(next, folder));
                  written.incrementAndGet();
                }
                atLeast = written.get();
                int read = Integer.parseInt(file.projects.find(KEY).orElseThrow().location());
                stale += read < atLeast ? 1 : 0;
              } while (atLeast < 200);
              return stale;
            });

    assertThat(tooOld).containsOnly(0);
    assertThat(file.projects.unregister(KEY)).isTrue();
    assertThat(file.projects.find(KEY)).isEmpty();
  }

  /** Not with a catalog: there the same is found by the lease, while other servers' runs go on. */
  @Test
  void whatAProcessLeftRunningIsFound() {
    Materialization left = file.running(KEY);
    file.in(MaterializationStatus.FAILED, PackageKey.of("p", "ended"));

    file.close();
    Fixture next = new Fixture(folder);
    file = next;

    assertThat(next.runs.running()).extracting(Materialization::id).containsExactly(left.id());
  }

  @Test
  void theViewsOfThousandsOfTablesAreOnRecordOnce() {
    List<TableName> views =
        IntStream.range(0, 2_500).mapToObj(i -> new TableName("main", "v" + i)).toList();

    file.manifests.intendViews(KEY, "duckdb", views.subList(0, 1_500));
    file.manifests.intendViews(KEY, "duckdb", views);

    assertThat(file.manifests.views(KEY, "duckdb")).containsExactlyInAnyOrderElementsOf(views);
    assertThat(file.count("views")).isEqualTo(2_500);
  }
}
