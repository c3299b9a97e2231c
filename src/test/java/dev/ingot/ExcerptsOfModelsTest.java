package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What stands around an error in a model, and who is shown it. */
class ExcerptsOfModelsTest {

  private static final String ADMIN = "admin-0123456789abcdef0123456789abcdef";
  private static final String MODEL = "orders.malloy";
  private static final String BAD = "source: bad is duckdb.sql(\"select error('no') as x\")";

  private static Server server;
  private static Client admin;

  @TempDir static Path folder;

  @BeforeAll
  static void start() {
    server = Server.start(folder, "ingot.access.admin-key=" + ADMIN);
    admin = server.client().as(ADMIN);
    admin.post("/api/v0/projects", "{\"name\":\"shop\"}").expect(201);
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private static PackageFiles files(String name, String model) {
    return PackageFiles.orders(server.packageFolder(name), model);
  }

  private static PackageApi register(String name) {
    admin
        .post(
            "/api/v0/projects/shop/packages",
            "{\"name\":\"%s\",\"location\":\"%s\"}".formatted(name, server.packageFolder(name)))
        .expect(201);
    return new PackageApi(admin, "/api/v0/projects/shop/packages/" + name);
  }

  private static String key(String role) {
    return admin
        .post(
            "/api/v0/keys",
            "{\"name\":\"%s %s\",\"roles\":[{\"project\":\"shop\",\"role\":\"%s\"}]}"
                .formatted(role, System.nanoTime(), role))
        .expect(201)
        .json()
        .path("key")
        .asString();
  }

  private static JsonNode excerpt(JsonNode of) {
    return of.at("/problems/0/excerpt");
  }

  @Test
  void aRunKeepsTheLinesThatItHasReadForWhoBuilds() {
    PackageFiles files = files("failing", "#@ persist\n" + BAD);
    PackageApi p = register("failing");

    JsonNode failed = p.build();
    String id = failed.path("id").asString();
    int line = failed.at("/problems/0/line").asInt();
    files.file(MODEL, "// another\n".repeat(20));

    JsonNode lines = excerpt(p.as(key("build")).get(id));
    assertThat(lines.path("lines").get(line - lines.path("line").asInt()).asString())
        .isEqualTo(BAD);
    assertThat(excerpt(p.as(key("query")).get(id)).isNull()).isTrue();
    assertThat(excerpt(p.as(key("read")).get(id)).isNull()).isTrue();
    String all = admin.as(key("read")).get(p.path() + "/materializations").expect(200).text();
    assertThat(all).contains("build_failed").doesNotContain("\"excerpt\":{");
  }

  @Test
  void aPlanAndAModelShowThemToWhoBuildsOnly() {
    files(
        "typo",
        "source: typo is duckdb.table('data/orders.csv') extend {\n  measure: n is cuont()\n}");
    PackageApi p = register("typo");
    String reader = key("read");

    assertThat(excerpt(p.plan("")).path("lines").toString()).contains("measure: n is cuont()");
    assertThat(excerpt(p.as(reader).plan("")).isNull()).isTrue();
    String path = p.path() + "/models/" + MODEL;
    assertThat(excerpt(admin.get(path).expect(424).json()).path("lines").toString())
        .contains("measure: n is cuont()");
    var refused = admin.as(reader).get(path);
    Refusal.check(refused, 424, "model_invalid");
    assertThat(excerpt(refused.json()).isNull()).isTrue();
  }
}
