package dev.ingot;

import static dev.ingot.Column.COLUMNS;

import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import dev.ingot.testing.SlowSql;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A package that has a value of every kind, and queries over the orders. */
abstract class QueryResult {

  static final JsonMapper JSON = JsonMapper.builder().build();

  static final String MODEL =
      """
      source: cells is duckdb.sql(\"""select $COLUMNS \""") extend {
        view: just_n is { select: n }
      }
      source: orders is duckdb.table('data/orders.csv') extend { measure: total is amount.sum() }
      #@ persist name="by_customer"
      source: by_customer is orders -> { group_by: customer; aggregate: total }
      query: top_customer is by_customer -> { select: *; order_by: total desc; limit: 1 }
      query: by_item is orders -> {
        group_by: item
        aggregate: total
        nest: customers is { group_by: customer; aggregate: total; order_by: customer }
        order_by: item
      }
      source: endless is duckdb.sql(\"""$SLOW\""")
      source: lengthy is duckdb.sql(
        \"""select hash(a.range, b.range) as h from range(20000) a, range(10000) b\""")
      """;

  @TempDir static Path folder;
  static Server server;
  static Client client;
  static PackageApi results;
  static JsonNode stable;
  static JsonNode plain;

  @BeforeAll
  static void start() {
    server = Server.start(folder, "ingot.query.timeout=1h");
    client = server.client();
    String select =
        COLUMNS.stream()
            .map(column -> "%s as \"%s\"".formatted(column.sql(), column.name()))
            .collect(Collectors.joining(",\n"));
    PackageFiles.orders(
        server.packageFolder("results"),
        MODEL.replace("$COLUMNS", select).replace("$SLOW", SlowSql.SELECT));
    results = server.register("results");
    results.buildOk();
    stable = resultOf(Map.of("query", "run: cells -> { select: * }"));
    plain = resultOf(Map.of("query", "run: cells -> { select: * }", "compactJson", true));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static Answer post(String action, Object body) {
    return client.post(
        results.path() + "/models/orders.malloy/" + action, JSON.writeValueAsString(body));
  }

  static JsonNode resultOf(Object query) {
    return post("query", query).expect(200).rows();
  }
}
