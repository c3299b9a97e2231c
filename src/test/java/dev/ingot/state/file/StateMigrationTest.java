package dev.ingot.state.file;

import static dev.ingot.state.store.Stores.KEY;
import static dev.ingot.state.store.Stores.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.manifest.ManifestVersion;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.RunOptions;
import dev.ingot.materialization.Sweep;
import dev.ingot.project.Project;
import dev.ingot.state.StateSchema;
import dev.ingot.state.store.Fixture;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** A state that an older Ingot wrote has everything that it had. */
class StateMigrationTest {

  private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir Path home;

  @Test
  void theFirstVersionsRowsAreThereWithWhatWasTrueThen() throws SQLException {
    try (var connection =
        DriverManager.getConnection("jdbc:duckdb:" + home.resolve("state.duckdb"))) {
      var client = JdbcClient.create(new SingleConnectionDataSource(connection, true));
      client.sql("CREATE TABLE schema_version (version integer NOT NULL)").update();
      client.sql("INSERT INTO schema_version VALUES (1)").update();
      StateSchema.statements(1).forEach(statement -> client.sql(statement).update());
      for (String row :
          """
          INSERT INTO projects VALUES ('p', '2026-01-02 03:04:05')
          INSERT INTO packages VALUES ('p', 'orders', 'there', '/there', NULL, '2026-01-02 03:04:05')
          INSERT INTO runs VALUES ('r1', 'p', 'orders', 'SUCCESS', false, true, '2026-01-02 03:04:05', '2026-01-02 03:04:05', NULL, NULL, NULL, '[]')
          INSERT INTO generations VALUES ('g1', 'p', 'orders', 'b1', 'duckdb', 'main', 'a', 'main', 'a__1', 'r1', '[]', '/there', '2026-01-02 03:04:05', 7)
          INSERT INTO versions VALUES ('p', 'orders', 1, 'r1', '2026-01-02 03:04:05')
          INSERT INTO version_entries VALUES ('p', 'orders', 1, 0, 'g1', 'main', 'a', '["a"]')
          INSERT INTO current_versions VALUES ('p', 'orders', 1)\
          """
              .lines()
              .toList()) {
        client.sql(row).update();
      }
    }

    try (var fixture = new Fixture(home)) {
      assertThat(fixture.projects.projects())
          .containsExactly(new Project(KEY.project(), null, THEN));
      assertThat(fixture.connections.of(KEY.project())).isEmpty();
      assertThat(fixture.projects.find(KEY).orElseThrow().strict()).isFalse();
      Materialization run = fixture.runs.find(KEY, "r1").orElseThrow();
      assertThat(run.options()).isEqualTo(RunOptions.DEFAULT);
      assertThat(run.sweep()).isEqualTo(Sweep.NOTHING);
      ManifestVersion current = fixture.manifests.current(KEY).orElseThrow();
      assertThat(current.cause()).isEqualTo(new ManifestVersion.Cause.Run("r1"));
      assertThat(current.entries().getFirst().generation().rows()).isEqualTo(7);
      assertThat(fixture.manifests.condemn(KEY, NOW, Set.of())).isEmpty();
    }
  }
}
