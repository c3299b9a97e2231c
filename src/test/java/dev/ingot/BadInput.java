package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Whatever comes in, the answer says what is wrong, and the tables and the server stay. */
abstract class BadInput {

  static final String API = "/api/v0";
  static final String K = API + "/projects/p/packages/good";
  static final String QUERY = K + "/models/orders.malloy/query";
  static final int MEGABYTE = 1 << 20;
  static final String MODEL =
      """
      source: orders is duckdb.table('data/orders.csv') extend {
        measure: total is amount.sum()
        view: items is { group_by: item }
      }
      #@ persist name="by_customer"
      source: by_customer is orders -> { group_by: customer; aggregate: total }
      source: many is duckdb.sql(\"""select range as n from range(5000)\""")
      source: endless is duckdb.sql(
        \"""select hash(a.range, b.range) as h from range(1000000) a, range(1000000) b\""")
      """;

  @TempDir static Path folder;
  static Server server;
  static Client client;
  static PackageApi good;
  static JsonNode table;

  @BeforeAll
  static void start() {
    // The folder itself is a root too, so that the home lies in one and is refused for its own
    // sake.
    server =
        Server.start(
            folder,
            "ingot.package-roots=" + folder,
            "ingot.query.max-rows=1000",
            "ingot.query.max-result-size=20KB",
            "ingot.query.timeout=2s");
    client = server.client();
    PackageFiles.orders(server.packageFolder("good"), MODEL);
    good = server.register("good");
    good.buildOk();
    table = served();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** The tables that a good query is answered from, and its rows. */
  static JsonNode served() {
    Answer answer =
        good.query("orders.malloy", "run: by_customer -> { select: *; order_by: customer }")
            .expect(200);
    assertThat(answer.rows()).hasSize(3);
    assertThat(answer.json().path("live")).isEmpty();
    return answer.json().path("materialized");
  }

  @AfterEach
  void theServerStillAnswersFromItsTable() {
    assertThat(served()).isEqualTo(table);
  }

  static List<String> projectNames() {
    return client
        .get(API + "/projects")
        .expect(200)
        .json()
        .valueStream()
        .map(project -> project.path("name").asString())
        .toList();
  }
}
