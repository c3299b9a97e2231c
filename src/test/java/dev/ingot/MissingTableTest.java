package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.engine.TableName;
import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageDatabase;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tables that vanished behind Ingot's back, and packages that would rather fail. */
@ExtendWith(OutputCaptureExtension.class)
class MissingTableTest {

  private static final String MODEL =
      """
      source: orders is duckdb.table('data/orders.csv')
      #@ persist
      source: base is orders -> { group_by: customer, item; aggregate: total is amount.sum() }
      #@ persist
      source: middle is base -> { group_by: customer; aggregate: sums is total.sum() }
      #@ persist
      source: aside is orders -> { group_by: item; aggregate: n is count() }
      """;
  private static final String SUMS = "run: middle -> { select: *; order_by: customer }";
  private static final String ROWS =
      "[{\"customer\":\"ann\",\"sums\":30},{\"customer\":\"bob\",\"sums\":70},{\"customer\":\"cid\",\"sums\":110}]";

  private static Server server;
  private static Client client;

  @BeforeAll
  static void start() {
    server = Server.shared();
    client = server.client();
  }

  private static PackageApi orders(String name) {
    PackageFiles.orders(server.packageFolder(name), MODEL);
    return server.register(name);
  }

  private static void drop(String name, JsonNode run, String... tables) {
    PackageDatabase database = PackageDatabase.of(server, name);
    // The views come right after SUCCESS; one that came after the drop would be left out.
    database.awaitRows("FROM aside");
    for (String table : tables) {
      database.drop(PackageApi.target(run, table).path("physicalTable").asString());
    }
  }

  private static List<String> live(Answer answer) {
    return answer
        .json()
        .path("live")
        .valueStream()
        .map(read -> read.path("source").asString() + " " + read.path("reason").asString())
        .toList();
  }

  private static List<String> materialized(Answer answer) {
    return answer
        .json()
        .path("materialized")
        .valueStream()
        .map(read -> read.path("source").asString())
        .toList();
  }

  @Test
  void aTableThatSomebodyMadeUnderAGenerationsNameIsNotTakenForIt() {
    PackageApi p = orders("foreign");
    JsonNode run = p.buildOk();
    String table = PackageApi.target(run, "middle").path("physicalTable").asString();
    drop("foreign", run, "middle");
    PackageDatabase database = PackageDatabase.of(server, "foreign");
    var name = new TableName("main", table.substring("main.".length()));
    database.createTable(name, "SELECT 'mine' AS customer, 1::HUGEINT AS sums");

    JsonNode plan = client.get(p.path() + "/plan").expect(200).json();
    assertThat(PackageApi.target(plan, "middle").path("reason").asString())
        .isEqualTo("TABLE_MISSING");
    JsonNode again = p.buildOk();

    assertThat(PackageApi.target(again, "middle").path("status").asString()).isEqualTo("BUILT");
    assertThat(p.query("orders.malloy", SUMS).expect(200).rows()).hasToString(ROWS);
    assertThat(database.rows("SELECT customer FROM " + table)).containsExactly("mine");
  }

  @Test
  void aQueryWhoseTableIsGoneIsAnsweredLiveAndTheNextRunBuildsItAgain(CapturedOutput output) {
    PackageApi p = orders("gone");
    JsonNode run = p.buildOk();
    drop("gone", run, "middle");

    for (int i = 0; i < 2; i++) {
      Answer answer = p.query("orders.malloy", SUMS).expect(200);

      assertThat(answer.rows()).hasToString(ROWS);
      assertThat(live(answer)).containsExactly("middle TABLE_MISSING");
      assertThat(materialized(answer)).containsExactly("base");
      JsonNode warning = answer.json().path("renderLogs").path(0);
      assertThat(warning.path("code").asString()).isEqualTo("table_missing");
      assertThat(warning.path("severity").asString()).isEqualTo("warn");
      assertThat(warning.path("message").asString())
          .contains(PackageApi.target(run, "middle").path("physicalTable").asString())
          .contains("the next run builds it again");
    }
    assertThat(
            output
                .getOut()
                .lines()
                .filter(line -> line.contains(server.project() + "/gone are gone")))
        .hasSize(1);

    JsonNode second = p.buildOk();
    Answer again = p.query("orders.malloy", SUMS).expect(200);

    assertThat(PackageApi.target(second, "middle").path("reason").asString())
        .isEqualTo("TABLE_MISSING");
    assertThat(PackageApi.target(second, "base").path("reason").asString()).isEqualTo("UNCHANGED");
    assertThat(again.rows()).hasToString(ROWS);
    assertThat(materialized(again)).containsExactly("middle");
    assertThat(again.json().path("renderLogs")).isEmpty();
  }

  @Test
  void aTableThatIsOnlyReadOnceAnotherIsGoneMayBeGoneToo() {
    PackageApi p = orders("chain");
    JsonNode run = p.buildOk();
    drop("chain", run, "middle", "base");

    Answer answer = p.query("orders.malloy", SUMS).expect(200);

    assertThat(answer.rows()).hasToString(ROWS);
    assertThat(live(answer))
        .containsExactlyInAnyOrder("middle TABLE_MISSING", "base TABLE_MISSING");
    assertThat(p.buildOk().path("metadata").path("sourcesBuilt").asInt()).isEqualTo(2);
  }

  @Test
  void aStreamIsAnsweredLiveToo() {
    PackageApi p = orders("stream");
    drop("stream", p.buildOk(), "middle");

    assertThat(client.send(p.streaming("orders.malloy", SUMS, "text/csv")).expect(200).text())
        .isEqualTo("customer,sums\r\nann,30\r\nbob,70\r\ncid,110\r\n");
  }

  @Test
  void aStrictPackageRefusesWhatNoTableAnswers() {
    PackageFiles files = PackageFiles.orders(server.packageFolder("strict"), MODEL);
    String packages = server.packagesPath();
    client.post("/api/v0/projects", "{\"name\":\"%s\"}".formatted(server.project()));
    JsonNode created =
        client
            .post(packages, json("name", "strict", "location", folder("strict"), "strict", true))
            .expect(201)
            .json();
    var p = new PackageApi(client, packages + "/strict");

    assertThat(created.path("strict").asBoolean()).isTrue();
    assertThat(p.manifest().path("strict").asBoolean()).isTrue();
    Answer refused = p.query("orders.malloy", SUMS);
    Refusal.check(
        refused,
        409,
        "strict_miss",
        "'middle' (NOT_BUILT)",
        "'base' (NOT_BUILT)",
        "materialization");
    assertThat(refused.json().path("problems")).hasSize(2);
    p.query("orders.malloy", "run: orders -> { aggregate: n is count() }").expect(200);

    JsonNode run = p.buildOk();
    assertThat(p.rows("orders.malloy", SUMS)).hasToString(ROWS);

    drop("strict", run, "middle");
    Refusal.check(p.query("orders.malloy", SUMS), 409, "strict_miss", "'middle' (TABLE_MISSING)");
    Refusal.check(client.send(p.streaming("orders.malloy", SUMS, "text/csv")), 409, "strict_miss");
    p.buildOk();
    assertThat(p.rows("orders.malloy", SUMS)).hasToString(ROWS);

    files.model("orders.malloy", MODEL.replace("sums is total.sum()", "sums is total.max()"));
    client.post(p.path() + "/manifest/reload").expect(200);
    Refusal.check(p.query("orders.malloy", SUMS), 409, "strict_miss", "'middle' (SQL_CHANGED)");

    client.patch(p.path(), "{\"description\":\"still strict\"}").expect(200);
    assertThat(client.get(p.path()).json().path("strict").asBoolean()).isTrue();
    client.patch(p.path(), "{\"strict\":false}").expect(200);
    assertThat(live(p.query("orders.malloy", SUMS).expect(200)))
        .containsExactly("middle SQL_CHANGED");
  }

  private static String folder(String name) {
    return server.packageFolder(name).toString();
  }

  private static String json(String k1, Object v1, String k2, Object v2, String k3, Object v3) {
    return JsonMapper.builder().build().writeValueAsString(Map.of(k1, v1, k2, v2, k3, v3));
  }

  @Test
  void aStatementThatFailsForAnotherReasonFailsAsBefore() {
    PackageApi p = orders("other");
    p.buildOk();

    Refusal.check(
        p.query("orders.malloy", "run: middle -> { select: n is customer::number }"),
        422,
        "query_failed",
        "DOUBLE");
  }
}
