package dev.ingot.state.store;

import static dev.ingot.state.store.Stores.KEY;
import static dev.ingot.state.store.Stores.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.manifest.ManifestEntry;
import dev.ingot.materialization.Materialization;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;
import dev.ingot.state.ControlState;
import dev.ingot.state.ControlStates;
import dev.ingot.state.PackageLock;
import dev.ingot.state.Session;
import dev.ingot.state.VersionEntries;
import dev.ingot.state.file.LocalState;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A version that another server replaces and forgets while it is read here. */
class VanishingVersionTest {

  @TempDir Path folder;
  private Fixture fixture;
  private Runnable meanwhile = () -> {};

  @BeforeEach
  void open() {
    fixture = new Fixture(folder);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /** The state file, of which something is read only after something else was done. */
  private final class Slow implements ControlStates, ControlState, VersionEntries {
    private final LocalState local = fixture.state.forgetful();
    private final boolean before;

    Slow(boolean before) {
      this.before = before;
    }

    private void once() {
      Runnable now = meanwhile;
      meanwhile = () -> {};
      now.run();
    }

    @Override
    public List<EntryRow> read(PackageKey key, String content) {
      if (before) {
        once();
      }
      List<EntryRow> found = local.entries().read(key, content);
      once();
      return found;
    }

    @Override
    public void append(PackageKey key, String content, List<EntryRow> entries) {
      local.entries().append(key, content, entries);
    }

    @Override
    public void forget(PackageKey key, Collection<String> contents) {
      local.entries().forget(key, contents);
    }

    @Override
    public Set<String> contents(PackageKey key) {
      return local.entries().contents(key);
    }

    @Override
    public ControlState of(ProjectName project) {
      return this;
    }

    @Override
    public ControlState local() {
      return local;
    }

    @Override
    public <T> T read(Function<Session, T> work) {
      return local.read(work);
    }

    @Override
    public <T> T write(Function<Session, T> work) {
      return local.write(work);
    }

    @Override
    public <T> T locked(PackageKey key, Function<PackageLock, T> work) {
      return local.locked(key, work);
    }

    @Override
    public VersionEntries entries() {
      return this;
    }
  }

  private ManifestEntry publish() {
    Materialization run = fixture.running(KEY);
    ManifestEntry entry = fixture.entry(run, "t");
    assertThat(fixture.publish(run, List.of(entry), NOW, List.of())).isPresent();
    return entry;
  }

  @Test
  void isReadWholeOrInItsSuccessorsPlace() {
    for (boolean before : List.of(true, false)) {
      ManifestEntry old = publish();
      long number = fixture.manifests.current(KEY).orElseThrow().number();
      meanwhile =
          () -> {
            publish();
            fixture.manifests.forgetVersions(KEY, List.of(number));
            fixture.manifests.forget(old.generation());
          };

      var read = new JdbcManifestStore(new Slow(before)).current(KEY).orElseThrow();

      assertThat(read.number()).isEqualTo(number + 1);
      assertThat(read.entries()).hasSize(1);
    }
  }

  @Test
  void isReadEmptyWhenItIs() {
    Materialization run = fixture.running(KEY);
    fixture.publish(run, List.of(), NOW, List.of());

    assertThat(fixture.manifests.current(KEY).orElseThrow().entries()).isEmpty();
  }
}
