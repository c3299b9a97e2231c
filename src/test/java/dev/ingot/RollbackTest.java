package dev.ingot;

import static dev.ingot.testing.Models.BY_CUSTOMER;
import static dev.ingot.testing.RunReport.what;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageDatabase;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The way back to an earlier version. */
class RollbackTest {

  private static final String QUERY =
      "run: by_customer -> { select: total; where: customer = 'ann' }";
  private static final String FIRST = "[{\"total\":30}]";
  private static final String SECOND = "[{\"total\":5}]";

  private static Server server;

  @BeforeAll
  static void start() {
    server = Server.shared();
  }

  @Test
  void aRollbackServesThePreviousVersionAndAnotherOneGoesForwardAgain() {
    PackageApi p = twoVersions("back");
    assertThat(p.rows("orders.malloy", QUERY)).hasToString(SECOND);

    JsonNode manifest = rollBack(p, "").expect(200).json();

    assertThat(p.rows("orders.malloy", QUERY)).hasToString(FIRST);
    assertThat(manifest.path("version").asInt()).isEqualTo(3);
    assertThat(manifest.path("servedVersion").asInt()).isEqualTo(3);
    assertThat(PackageDatabase.of(server, "back").rows("SELECT total FROM by_customer ORDER BY 1"))
        .containsExactly("30", "70", "110");
    assertThat(what(p.build("{\"freshness\":\"ignore\"}")))
        .as("its data is that of then")
        .containsExactly("by_customer REUSED UNCHANGED");

    rollBack(p, "").expect(200);

    assertThat(p.rows("orders.malloy", QUERY)).hasToString(SECOND);
    JsonNode versions = server.client().get(p.path() + "/manifest/versions").expect(200).json();
    assertThat(versions.valueStream().map(v -> v.path("version").asInt())).containsExactly(4, 3);
    assertThat(versions.at("/0/cause").asString()).isEqualTo("ROLLBACK");
    assertThat(versions.at("/0/restored").asInt()).isEqualTo(2);
    assertThat(versions.at("/0/current").asBoolean()).isTrue();
  }

  @Test
  void aVersionThatDoesNotCoverTodaysModelsIsRefusedUnlessItIsForced() {
    PackageApi p = twoVersions("uncovered");
    PackageFiles.create(server.packageFolder("uncovered"))
        .model(
            "orders.malloy",
            BY_CUSTOMER.replace("customer; aggregate", "customer, item; aggregate"));
    p.buildOk();

    Answer refused = rollBack(p, "");

    Refusal.check(refused, 409, "rollback_refused", "by_customer", "force");
    assertThat(refused.json().at("/problems/0/model").asString()).isEqualTo("orders.malloy");
    assertThat(refused.json().at("/problems/0/line").asInt()).isEqualTo(4);
    assertThat(p.manifest().path("version").asInt()).isEqualTo(3);

    rollBack(p, "{\"force\":true}").expect(200);

    assertThat(p.query("orders.malloy", QUERY).expect(200).json().at("/live/0/reason").asString())
        .isEqualTo("SQL_CHANGED");
  }

  @Test
  void onlyARetainedVersionThatIsNotTheCurrentOneCanBeNamed() {
    PackageApi p = twoVersions("named");

    Refusal.check(rollBack(p, "{\"version\":7}"), 404, "version_not_found", "[2, 1]");
    Refusal.check(rollBack(p, "{\"version\":2}"), 409, "rollback_refused", "current");
    rollBack(p, "{\"version\":1}").expect(200);
    assertThat(p.rows("orders.malloy", QUERY)).hasToString(FIRST);

    PackageFiles.orders(server.packageFolder("never"), BY_CUSTOMER);
    Refusal.check(rollBack(server.register("never"), ""), 409, "rollback_refused", "no earlier");
  }

  /** One over the orders, one over other data. */
  private static PackageApi twoVersions(String name) {
    PackageFiles files = PackageFiles.orders(server.packageFolder(name), BY_CUSTOMER);
    PackageApi p = server.register(name);
    p.buildOk();
    files.file("data/orders.csv", "id,customer,item,amount\n1,ann,pen,5\n");
    JsonNode run = p.build("{\"forceRefresh\":true}");
    assertThat(run.path("status").asString()).isEqualTo("SUCCESS");
    assertThat(List.of(p.manifest().path("version").asInt())).containsExactly(2);
    return p;
  }

  private static Answer rollBack(PackageApi p, String body) {
    return server.client().post(p.path() + "/manifest/rollback", body);
  }
}
