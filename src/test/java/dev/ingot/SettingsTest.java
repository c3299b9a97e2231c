package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.Readme;
import dev.ingot.testing.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an admin is shown of the settings. */
class SettingsTest {

  private static final String ADMIN = "an-admin-key-of-more-than-32-letters";
  private static final String SECRET = "sixteen-letters-at-least";

  /**
   * Those of the README that are not shown: secrets, where they lie, and what is told elsewhere.
   */
  private static final Set<String> NOT_SHOWN =
      Set.of(
          "ingot.access.admin-key",
          "ingot.access.admin-key-file",
          "ingot.bucket.access-key-id",
          "ingot.bucket.endpoint",
          "ingot.bucket.path-style",
          "ingot.bucket.region",
          "ingot.bucket.secret-access-key",
          "ingot.bucket.session-token",
          "ingot.bucket.use-ssl",
          "ingot.duckdb.extension-repository",
          "ingot.lineage.api-key",
          "ingot.lineage.api-key-file",
          "ingot.lineage.url",
          "ingot.max-request-size",
          "ingot.node",
          "ingot.rehearse",
          "ingot.sample",
          "ingot.secret-key",
          "ingot.secret-key-file");

  private static Server server;

  @TempDir static Path folder;

  @BeforeAll
  static void start() {
    server =
        Server.start(
            folder,
            "ingot.access.admin-key=" + ADMIN,
            "ingot.secret-key=" + SECRET,
            "ingot.bucket.access-key-id=AKIA",
            "ingot.bucket.secret-access-key=" + SECRET,
            "ingot.duckdb.private-hosts=a.internal,b.internal",
            "ingot.query.timeout=90s",
            "ingot.query.max-result-size=1536KB");
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private static Answer asked() {
    return server.client().as(ADMIN).get("/api/v0/settings").expect(200);
  }

  @Test
  void eachIsShownAsItIsWrittenAndWhetherSomebodyHasSetIt() {
    Map<String, String> byName =
        asked()
            .json()
            .valueStream()
            .collect(
                Collectors.toMap(
                    one -> one.path("name").asString(),
                    one -> one.path("value") + " " + one.path("given")));

    assertThat(byName)
        .containsEntry("ingot.query.timeout", "\"90s\" true")
        .containsEntry("ingot.query.max-result-size", "\"1536KB\" true")
        .containsEntry("ingot.duckdb.private-hosts", "\"a.internal, b.internal\" true")
        .containsEntry("ingot.lease", "\"10s\" false")
        .containsEntry("ingot.webhooks.give-up-after", "\"3d\" false")
        .containsEntry("ingot.retention.min-age", "\"15m\" false")
        .containsEntry("ingot.duckdb.memory-limit", "\"2GB\" false")
        .containsEntry("ingot.config", "null false");
  }

  @Test
  void nothingThatIsSecretIsAmongThem() {
    assertThat(asked().text()).doesNotContain(ADMIN, SECRET, "AKIA", "secret", "admin-key");
  }

  @Test
  void eachOfTheReadmeIsShownOrMeantNotToBe() throws IOException {
    List<String> shown =
        asked().json().valueStream().map(one -> one.path("name").asString()).toList();
    List<String> fixed =
        Readme.read().settings().stream().filter(name -> name.startsWith("ingot.")).toList();

    assertThat(fixed).containsAll(shown).containsAll(NOT_SHOWN);
    assertThat(fixed)
        .allMatch(name -> shown.contains(name) != NOT_SHOWN.contains(name), "one of both");
  }
}
