package dev.ingot.state.store;

import static dev.ingot.state.store.Stores.KEY;
import static dev.ingot.state.store.Stores.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.fault.Fault;
import dev.ingot.fault.StartupFailure;
import dev.ingot.project.BucketAccess;
import dev.ingot.project.CatalogUrl;
import dev.ingot.project.DataPath;
import dev.ingot.project.GivenBindings;
import dev.ingot.project.MaterializationStorage;
import dev.ingot.project.PackageRegistration;
import dev.ingot.project.Project;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectOptions;
import dev.ingot.project.Webhook;
import dev.ingot.project.Webhooks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A project's storage comes back as it was given, and its secrets lie nowhere readable. */
class StoredStorageTest {

  private static final String HOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final ProjectName NAME = KEY.project();
  private static final MaterializationStorage STORAGE =
      new MaterializationStorage(
          CatalogUrl.parse("postgres://ann:s3cr3t-one@db:5433/lake?sslmode=require", null),
          new DataPath("s3://bucket/prefix"),
          new BucketAccess("key", "s3cr3t-two", "s3cr3t-three", "eu-1", "s3:9000", true, false));

  @TempDir Path home;

  @Test
  void aStorageIsReadAsItWasWritten() {
    try (var fixture = new Fixture(home)) {
      assertThat(fixture.projects.insert(new Project(NAME, STORAGE, NOW))).isTrue();
      assertThat(fixture.projects.insert(new Project(new ProjectName("own"), null, NOW))).isTrue();
    }

    try (var fixture = new Fixture(home)) {
      assertThat(fixture.projects.project(NAME)).hasValue(new Project(NAME, STORAGE, NOW));
      assertThat(fixture.projects.projects())
          .extracting(Project::isShared)
          .containsExactly(false, true);
    }
  }

  @Test
  void aStorageIsChangedAndSwitchedOff() {
    var folder =
        new MaterializationStorage(STORAGE.catalog(), new DataPath("file:///shared/x"), null);
    try (var fixture = new Fixture(home)) {
      fixture.projects.insert(new Project(NAME, null, NOW));

      assertThat(fixture.projects.update(new Project(NAME, folder, NOW))).isTrue();
      assertThat(fixture.projects.project(NAME).orElseThrow().storage()).isEqualTo(folder);
      assertThat(fixture.projects.update(new Project(NAME, null, NOW))).isTrue();
      assertThat(fixture.projects.project(NAME).orElseThrow().storage()).isNull();
      assertThat(fixture.projects.update(new Project(new ProjectName("none"), null, NOW)))
          .isFalse();
    }
  }

  @Test
  void whatIsBesideItIsChangedByItself() {
    var options =
        new ProjectOptions(
            new GivenBindings(Map.of("ORG", "org_id")),
            new Webhooks(List.of(new Webhook("https://hooks.test/x", HOOK_SECRET, Webhook.ENDS))));
    try (var fixture = new Fixture(home)) {
      assertThat(fixture.projects.options(NAME)).isEqualTo(ProjectOptions.NONE);
      assertThat(fixture.projects.change(NAME, options)).isFalse();
      fixture.projects.insert(new Project(NAME, STORAGE, options, NOW));
      assertThat(fixture.projects.options(NAME)).isEqualTo(options);
      assertThat(fixture.projects.project(NAME)).hasValue(new Project(NAME, STORAGE, options, NOW));

      assertThat(fixture.projects.update(new Project(NAME, null, NOW))).isTrue();
      assertThat(fixture.projects.project(NAME)).hasValue(new Project(NAME, null, options, NOW));
      assertThat(fixture.projects.change(NAME, ProjectOptions.NONE)).isTrue();
      assertThat(fixture.projects.options(NAME)).isEqualTo(ProjectOptions.NONE);
      assertThat(fixture.projects.change(NAME, options)).isTrue();
    }
    try (var fixture = new Fixture(home)) {
      assertThat(fixture.projects.options(NAME)).as("after a restart").isEqualTo(options);
      fixture.projects.delete(NAME);
      assertThat(fixture.projects.options(NAME)).isEqualTo(ProjectOptions.NONE);
    }
  }

  @Test
  void aStorageStaysWhileARunIsRunning() {
    try (var fixture = new Fixture(home)) {
      fixture.projects.insert(new Project(NAME, null, NOW));
      fixture.projects.insert(new PackageRegistration(KEY, "x", home, null, false, NOW));
      fixture.running(KEY);

      assertThatThrownBy(() -> fixture.projects.update(new Project(NAME, STORAGE, NOW)))
          .isInstanceOf(Fault.class)
          .hasMessageContaining("RUNNING");
    }
  }

  @Test
  void aPackageThatIsUnregisteredLeavesItsRecords() {
    try (var fixture = new Fixture(home)) {
      fixture.projects.insert(new Project(NAME, null, NOW));
      fixture.projects.insert(new PackageRegistration(KEY, "x", home, null, false, NOW));
      var run = fixture.running(KEY);

      assertThat(fixture.projects.unregister(KEY)).isTrue();
      assertThat(fixture.projects.find(KEY)).isEmpty();
      assertThat(fixture.runs.find(KEY, run.id())).isPresent();
      assertThat(fixture.projects.unregister(KEY)).isFalse();
    }
  }

  @Test
  void noFileOfTheHomeHasASecretInIt() throws IOException {
    try (var fixture = new Fixture(home)) {
      fixture.projects.insert(new Project(NAME, STORAGE, NOW));
      assertThat(home.resolve("state.duckdb")).exists();
      assertThat(HomeFiles.with(home, "s3cr3t")).isEmpty();
      assertThat(HomeFiles.with(home, "bucket/prefix")).isEmpty();
    }
    assertThat(HomeFiles.with(home, "s3cr3t")).isEmpty();
  }

  @Test
  void aKeyThatDoesNotFitKeepsTheServerFromStartingAndTouchesNothing() throws IOException {
    try (var fixture = new Fixture(home)) {
      fixture.projects.insert(new Project(NAME, STORAGE, NOW));
    }
    Path state = home.resolve("state.duckdb");
    byte[] before = Files.readAllBytes(state);
    String key = Files.readString(home.resolve("secret.key"));
    Files.writeString(home.resolve("secret.key"), key.toLowerCase(Locale.ROOT));

    assertThatThrownBy(() -> new Fixture(home))
        .isInstanceOf(StartupFailure.class)
        .hasMessageContaining("'" + NAME + "'")
        .hasMessageContaining("secret.key");

    assertThat(Files.readAllBytes(state)).isEqualTo(before);
    assertThat(home.resolve("state.duckdb.wal")).doesNotExist();
    Files.writeString(home.resolve("secret.key"), key);
    try (var fixture = new Fixture(home)) {
      assertThat(fixture.projects.project(NAME).orElseThrow().storage()).isEqualTo(STORAGE);
    }
  }
}
