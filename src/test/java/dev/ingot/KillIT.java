package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.JarServer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged server, killed without warning. */
class KillIT {

  private static final String MODEL = "rush_hours.malloy";
  private static final String QUERY = "busiest_hours";

  @TempDir Path folder;

  @Test
  void afterAKillTheSameQueryHasTheSameAnswerFromTheTables()
      throws IOException, InterruptedException, SQLException {
    Answer live;
    Answer built;
    try (JarServer server = JarServer.start(folder)) {
      live = server.sample().named(MODEL, QUERY).expect(200);
      server.sample().buildOk();
      built = server.sample().named(MODEL, QUERY).expect(200);
      server.kill();
    }
    Answer again;
    try (JarServer server = JarServer.start(folder)) {
      again = server.sample().named(MODEL, QUERY).expect(200);
      List<ProcessHandle> children =
          ProcessHandle.of(server.pid()).orElseThrow().children().toList();
      server.terminate();

      assertThat(children).as("compiler processes").isNotEmpty();
      for (ProcessHandle child : children) {
        child.onExit().join();
      }
    }

    assertThat(live.json().path("live")).isNotEmpty();
    assertThat(built.rows()).isEqualTo(live.rows());
    assertThat(again.rows()).isEqualTo(live.rows());
    assertThat(again.json().path("live")).isEmpty();
    assertThat(again.json().path("materialized")).isEqualTo(built.json().path("materialized"));
    assertThat(declaredRows("rush_hours")).isEqualTo(39_949);
  }

  @Test
  void aRunThatWasKilledIsFailedAndTheNextOneSucceeds() throws IOException, InterruptedException {
    String id;
    try (JarServer server = JarServer.start(folder)) {
      PackageApi sample = server.sample();
      id = sample.create("{}");
      server.client().post(sample.path() + "/materializations/" + id + "/start").expect(202);
      server.kill();
    }
    try (JarServer server = JarServer.start(folder)) {
      PackageApi sample = server.sample();

      assertThat(sample.await(id).path("status").asString()).isEqualTo("FAILED");
      assertThat(sample.await(id).path("error").asString()).isEqualTo("worker_lost");
      assertThat(sample.manifest().path("entries")).isEmpty();
      assertThat(sample.buildOk().path("metadata").path("sources")).hasSize(8);
    }
  }

  @Test
  void aKillLeavesNoLibraryBehind() throws IOException, InterruptedException {
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    try (JarServer server =
        JarServer.start(folder, List.of("-Djava.io.tmpdir=" + temporary), "ingot.sample=false")) {
      Wait.until("DuckDB's library is deleted", () -> libraries(temporary) == 0);
      server.client().get("/health/readiness").expect(200);
      server.kill();
    }
    assertThat(libraries(temporary)).isZero();
  }

  private static long libraries(Path temporary) {
    try (Stream<Path> files = Files.list(temporary)) {
      return files.filter(file -> file.getFileName().toString().startsWith("libduckdb")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads as people do: by the declared name, in the package's own file, with no server. */
  private long declaredRows(String name) throws SQLException {
    Path file = folder.resolve(".ingot/databases/demo/flights/package.duckdb");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + name)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
