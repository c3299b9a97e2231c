package dev.ingot;

import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import org.junit.jupiter.api.BeforeAll;
import tools.jackson.databind.JsonNode;

/** Small packages over the orders, one for each test, on the shared server. */
abstract class MalloyRules {

  static final String BASE =
      """
      source: orders is duckdb.table('data/orders.csv')
      #@ persist
      source: by_customer is orders -> { group_by: customer; aggregate: total is amount.sum() }
      """;
  static final String ALL = " -> { select: *; order_by: 1 }";
  static final String BY_CUSTOMER =
      "[{\"customer\":\"ann\",\"total\":30},{\"customer\":\"bob\",\"total\":70},{\"customer\":\"cid\",\"total\":110}]";

  static Server server;
  static int packages;

  @BeforeAll
  static void start() {
    server = Server.shared();
  }

  /** A new package over the orders with this model. */
  static PackageApi orders(String model) {
    String name = nextName();
    PackageFiles.orders(server.packageFolder(name), model);
    return server.register(name);
  }

  static String nextName() {
    packages++;
    return "rules-" + packages;
  }

  static String sql(Answer answer) {
    return answer.expect(200).json().path("sql").asString();
  }

  /** The generation's own name, as it stands in SQL. */
  static String physical(JsonNode run, String table) {
    String name = PackageApi.target(run, table).path("physicalTable").asString();
    return name.substring(name.indexOf('.') + 1);
  }
}
