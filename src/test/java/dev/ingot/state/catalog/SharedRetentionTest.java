package dev.ingot.state.catalog;

import static dev.ingot.state.store.Stores.KEY;
import static dev.ingot.state.store.Stores.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.manifest.Generation;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.state.VersionEntries;
import dev.ingot.state.catalog.SharedCatalog.Server;
import dev.ingot.state.store.Stores;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What one server forgets and condemns while another one serves or builds (promises P1, P10). */
@Timeout(60)
class SharedRetentionTest {

  @TempDir static Path folder;
  private SharedCatalog catalog;
  private Server a;
  private Server b;

  @BeforeEach
  void open() throws IOException {
    catalog = new SharedCatalog(folder.toRealPath());
    a = catalog.server(SharedCatalog.LONG);
    b = catalog.server(SharedCatalog.LONG);
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  @Test
  void whatALiveServerServesStaysAndWhatADeadOneServedGoes() throws Exception {
    List<ManifestEntry> entries = publish(3);
    try (var watch = b.watch(new Heard())) {
      watch.beat();
    }
    b.serving.write(KEY, Set.of(1L), 1);

    a.manifests.forgetVersions(KEY, List.of(1L, 2L, 3L));

    assertThat(versions()).as("3 is current, b serves 1").containsExactly(3L, 1L);
    assertThat(condemned()).containsExactly(entries.get(1).generation());

    assertThat(
            catalog.update(
                "UPDATE workers SET seen_at = seen_at - interval '%d milliseconds'"
                    .formatted(b.settings.live().toMillis())))
        .isEqualTo(1);
    a.manifests.forgetVersions(KEY, List.of(1L));

    assertThat(versions()).as("b is dead").containsExactly(3L);
    assertThat(condemned())
        .containsExactlyInAnyOrder(entries.get(0).generation(), entries.get(1).generation());
  }

  @Test
  void whatAServerThatLeftServedGoes() throws Exception {
    publish(2);
    try (var watch = b.watch(new Heard())) {
      watch.beat();
    }
    b.serving.write(KEY, Set.of(1L), 1);
    a.manifests.forgetVersions(KEY, List.of(1L));
    assertThat(versions()).containsExactly(2L, 1L);

    b.workers.leave();

    a.manifests.forgetVersions(KEY, List.of(1L));
    assertThat(versions()).containsExactly(2L);
  }

  @Test
  void aServerThatIsGoneForADayIsForgottenByTheNextThatComes() throws Exception {
    publish(1);
    try (var watch = b.watch(new Heard())) {
      watch.beat();
    }
    b.serving.write(KEY, Set.of(1L), 1);
    silence(b.settings.live());
    try (var watch = a.watch(new Heard())) {
      watch.beat();
    }
    assertThat(List.of(a.count("workers"), a.count("serving"))).containsExactly(2L, 1L);
    Server c = catalog.server(SharedCatalog.LONG);

    silence(Duration.ofDays(1));
    try (var watch = c.watch(new Heard())) {
      watch.beat();
    }

    assertThat(List.of(a.count("workers"), a.count("serving"))).containsExactly(2L, 0L);
    b.serving.forget();
    b.serving.write(KEY, Set.of(1L), 1);
    assertThat(a.count("serving")).as("it was only away, and says so again").isEqualTo(1);
  }

  private void silence(Duration time) throws SQLException {
    catalog.update(
        "UPDATE workers SET seen_at = seen_at - interval '%d milliseconds'"
            .formatted(time.toMillis()));
  }

  @Test
  void nothingIsCondemnedWhileARunOfAnotherServerIsRunning() throws Exception {
    Materialization failed = a.running(KEY);
    Generation left = a.entry(failed, "left").generation();
    a.end(failed, MaterializationStatus.RUNNING, MaterializationStatus.FAILED);
    Materialization running = b.running(KEY);

    assertThat(condemned()).isEmpty();
    assertThat(b.manifests.unpublished(KEY, Set.of(), NOW))
        .as("it may be taken up")
        .containsExactly(left);
    catalog.lapse(running.id());
    assertThat(condemned()).as("it isn't known to be lost").isEmpty();

    assertThat(a.runs.lose(KEY, running.id(), NOW)).isTrue();
    assertThat(condemned()).containsExactly(left);
    assertThat(b.manifests.unpublished(KEY, Set.of(), NOW)).isEmpty();
  }

  @Test
  void contentsOfALostRunAreForgottenAndThoseOfARunningOneAreNot() throws Exception {
    Materialization lost = b.running(KEY);
    b.control.entries().append(KEY, lost.id(), rows(b, lost));
    catalog.lapse(lost.id());
    Materialization running = b.running(KEY);
    ManifestEntry entry = b.entry(running, "a");
    b.control.entries().append(KEY, running.id(), Stores.rows(entry));
    assertThat(a.control.entries().contents(KEY))
        .containsExactlyInAnyOrder(lost.id(), running.id());

    a.manifests.forgetVersions(KEY, List.of());

    assertThat(a.control.entries().contents(KEY)).containsExactly(running.id());
    assertThat(b.publish(running, List.of(entry), NOW, List.of())).contains(1L);
    assertThat(a.manifests.current(KEY).orElseThrow().entries()).containsExactly(entry);
    a.manifests.forgetVersions(KEY, List.of());
    assertThat(a.control.entries().contents(KEY)).containsExactly(running.id());
  }

  private static List<VersionEntries.EntryRow> rows(Server server, Materialization run) {
    return Stores.rows(server.entry(run, "lost"));
  }

  /** Versions of one entry each, all of the same target. */
  private List<ManifestEntry> publish(int versions) {
    var entries = new ArrayList<ManifestEntry>();
    for (int i = 0; i < versions; i++) {
      Materialization run = a.running(KEY);
      entries.add(a.entry(run, "a"));
      a.publish(run, List.of(entries.getLast()), NOW, List.of());
    }
    return entries;
  }

  private List<Long> versions() {
    return a.manifests.versions(KEY).stream().map(ManifestVersion::number).toList();
  }

  private List<Generation> condemned() {
    return a.manifests.condemn(KEY, NOW, Set.of());
  }
}
