package dev.ingot.state.store;

import static dev.ingot.state.store.Stores.KEY;
import static dev.ingot.state.store.Stores.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.fault.StartupFailure;
import dev.ingot.project.AttachedDatabase;
import dev.ingot.project.AzureAccess;
import dev.ingot.project.BucketAccess;
import dev.ingot.project.ConnectionKey;
import dev.ingot.project.ConnectionSettings;
import dev.ingot.project.DuckDbGrants;
import dev.ingot.project.PackageRegistration;
import dev.ingot.project.PostgresSettings;
import dev.ingot.project.Project;
import dev.ingot.project.ProjectConnection;
import dev.ingot.project.ProjectName;
import dev.ingot.state.Columns;
import dev.ingot.testing.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections come back as they were given, lie nowhere readable, and go with their project. */
class StoredConnectionTest {

  private static final ProjectName NAME = KEY.project();
  private static final PostgresSettings PLAIN =
      new PostgresSettings("db", 5432, "shop", "ann", "", null, null, null, null, Map.of());
  private static final PostgresSettings WHOLE =
      new PostgresSettings(
          "db.example",
          5433,
          "shop-floor",
          "annabel",
          "s3cr3t-one",
          "tables",
          "verify-full",
          Certificates.ROOT,
          "warehouse-1",
          Map.of("connectTimeout", "5", "tcpKeepAlive", "true"));

  private static final DuckDbGrants GRANTS =
      new DuckDbGrants(
          List.of(
              new AttachedDatabase(
                  "lake",
                  AttachedDatabase.Type.S3,
                  "s3://lake/orders/",
                  new BucketAccess(
                      "annabel", "s3cr3t-one", "s3cr3t-two", "eu-1", "db.example:9", true, false),
                  null,
                  null),
              new AttachedDatabase(
                  "blobs",
                  AttachedDatabase.Type.AZURE,
                  "az://lake/orders/",
                  null,
                  new AzureAccess("https://db.example", "sig=s3cr3t-one", null),
                  null),
              new AttachedDatabase(
                  "application",
                  AttachedDatabase.Type.AZURE,
                  "az://lake/other/",
                  null,
                  new AzureAccess(
                      "https://db.example",
                      null,
                      new AzureAccess.Application("a", "b", "annabel", "s3cr3t-two")),
                  null),
              new AttachedDatabase(
                  "site", AttachedDatabase.Type.HTTPS, "https://db.example/a/", null, null, null),
              new AttachedDatabase("pg", AttachedDatabase.Type.POSTGRES, null, null, null, PLAIN)));

  @TempDir Path home;

  private static ProjectConnection connection(String name, ConnectionSettings settings) {
    return new ProjectConnection(new ConnectionKey(NAME, name), settings, NOW);
  }

  @Test
  void connectionsAreReadAsTheyWereWritten() {
    ProjectConnection whole = connection("whole", WHOLE);
    ProjectConnection plain = connection("plain", PLAIN);
    ProjectConnection grants = connection("duckdb", GRANTS);
    try (var fixture = new Fixture(home)) {
      assertThat(fixture.connections.of(NAME)).isEmpty();
      assertThat(fixture.connections.insert(grants)).isTrue();
      assertThat(fixture.connections.insert(whole)).isTrue();
      assertThat(fixture.connections.insert(plain)).isTrue();
      assertThat(fixture.connections.insert(plain)).as("the name is taken").isFalse();
      assertThat(fixture.connections.of(NAME)).containsExactly(grants, plain, whole);
    }

    try (var fixture = new Fixture(home)) {
      assertThat(fixture.connections.of(NAME)).containsExactly(grants, plain, whole);
      assertThat(fixture.connections.find(whole.key())).hasValue(whole);
      assertThat(fixture.connections.of(new ProjectName("other"))).isEmpty();
    }
  }

  /** The form that lies in states; what reads it must not change with the record's words. */
  @Test
  void settingsOfAnEarlierServerAreStillRead() {
    String stored =
        """
        {"host":"db","port":5432,"database":"shop","user":"ann","password":"","schema":null,
         "sslMode":null,"rootCertificate":null,"fingerprint":null,"properties":{}}
        """;

    assertThat(Columns.value(stored, PostgresSettings.class)).isEqualTo(PLAIN);
    String granted =
        """
        {"attachedDatabases":[
         {"name":"site","type":"HTTPS","prefix":"https://db.example/a/","bucket":null,"postgres":null}]}
        """;
    assertThat(Columns.value(granted, DuckDbGrants.class).find("site"))
        .isEqualTo(GRANTS.find("site"));
  }

  @Test
  void everyChangeIsTold() {
    var told = new ArrayList<String>();
    ProjectConnection first = connection("first", PLAIN);
    try (var fixture = new Fixture(home)) {
      fixture.projects.insert(new Project(NAME, null, NOW));
      fixture.connections.onChange(
          key -> told.add(key + " " + fixture.connections.of(NAME).size()));

      fixture.connections.insert(first);
      fixture.connections.insert(first);
      assertThat(fixture.connections.update(first.with(WHOLE))).isTrue();
      assertThat(fixture.connections.find(first.key()).orElseThrow().settings()).isEqualTo(WHOLE);
      assertThat(fixture.connections.update(connection("none", PLAIN))).isFalse();
      fixture.connections.insert(connection("second", PLAIN));
      assertThat(fixture.connections.delete(first.key())).isTrue();
      assertThat(fixture.connections.delete(first.key())).isFalse();

      assertThat(told).containsExactly("p/first 1", "p/first 1", "p/second 2", "p/first 1");
    }
  }

  @Test
  void connectionsGoWithTheirProject() {
    var told = new ArrayList<ConnectionKey>();
    ProjectConnection first = connection("first", PLAIN);
    ProjectConnection second = connection("second", WHOLE);
    var other = new ProjectConnection(new ConnectionKey(new ProjectName("q"), "first"), PLAIN, NOW);
    try (var fixture = new Fixture(home)) {
      fixture.projects.insert(new Project(NAME, null, NOW));
      fixture.projects.insert(new PackageRegistration(KEY, "x", home, null, false, NOW));
      List.of(first, second, other).forEach(fixture.connections::insert);
      fixture.connections.onChange(told::add);

      assertThat(fixture.projects.delete(NAME)).as("it has a package").isFalse();
      assertThat(fixture.connections.of(NAME)).containsExactly(first, second);
      fixture.projects.unregister(KEY);
      assertThat(fixture.projects.delete(NAME)).isTrue();

      assertThat(fixture.connections.of(NAME)).isEmpty();
      assertThat(told).containsExactlyInAnyOrder(first.key(), second.key());
      assertThat(fixture.connections.find(other.key())).hasValue(other);
      assertThat(fixture.count("connections")).isEqualTo(1);
    }
  }

  /** Connections are kept in memory, so what was just written must not be what was read before. */
  @Test
  void nobodyReadsAConnectionThatWasChangedBefore() throws Exception {
    ProjectConnection first = connection("first", PLAIN);
    var written = new AtomicInteger();
    try (var fixture = new Fixture(home)) {
      fixture.connections.insert(first);

      List<Integer> tooOld =
          Race.atOnce(
              4,
              thread -> {
                int stale = 0;
                int atLeast;
                do {
                  if (thread == 0) {
                    fixture.connections.update(first.with(port(written.get() + 1)));
                    written.incrementAndGet();
                  }
                  atLeast = written.get();
                  int read =
                      ((PostgresSettings)
                              fixture.connections.find(first.key()).orElseThrow().settings())
                          .port();
                  stale += read < 1000 + atLeast && atLeast > 0 ? 1 : 0;
                } while (atLeast < 200);
                return stale;
              });

      assertThat(tooOld).containsOnly(0);
    }
  }

  private static PostgresSettings port(int number) {
    return new PostgresSettings(
        "db", 1000 + number, "shop", "ann", "", null, null, null, null, Map.of());
  }

  @Test
  void noFileOfTheHomeSaysHowADatabaseIsReached() throws IOException {
    try (var fixture = new Fixture(home)) {
      fixture.connections.insert(connection("whole", WHOLE));
      fixture.connections.insert(connection("duckdb", GRANTS));
      assertThat(HomeFiles.with(home, "whole")).isNotEmpty();
      for (String text : List.of("s3cr3t", "annabel", "db.example", "shop-floor")) {
        assertThat(HomeFiles.with(home, text)).isEmpty();
      }
    }
    assertThat(HomeFiles.with(home, "s3cr3t")).isEmpty();
  }

  @Test
  void aKeyThatDoesNotFitKeepsTheServerFromStarting() throws IOException {
    try (var fixture = new Fixture(home)) {
      fixture.connections.insert(connection("whole", WHOLE));
    }
    Path key = home.resolve("secret.key");
    String known = Files.readString(key);
    Files.writeString(key, known.toLowerCase(Locale.ROOT));

    assertThatThrownBy(() -> new Fixture(home))
        .isInstanceOf(StartupFailure.class)
        .hasMessageContaining("'" + NAME + "'");

    Files.writeString(key, known);
    try (var fixture = new Fixture(home)) {
      assertThat(fixture.connections.of(NAME)).hasSize(1);
    }
  }
}
