package dev.ingot.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageDatabase;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Server;
import dev.ingot.testing.Wait;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * An answer that can't have changed is given again, without the database. What can't is {@code
 * RepeatablePlanTest}'s, what is answered after any edits {@link RandomDagTest}'s.
 */
class KeptAnswersTest {

  private static final String MODEL =
      """
      #@ persist name="%s"
      source: totals is duckdb.table('data/orders.csv') -> {
        group_by: customer
        aggregate: total is amount.%s()
      }
      query: all_totals is totals -> { select: *; order_by: customer }
      source: orders is duckdb.table('data/orders.csv')
      """;
  private static final String TEXT = "run: totals -> { select: *; order_by: customer }";

  @TempDir static Path folder;
  private static Server server;

  @BeforeAll
  static void start() {
    server = Server.start(folder);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static PackageApi orders(String name) {
    PackageFiles.orders(server.packageFolder(name), MODEL.formatted("sums", "sum"));
    PackageApi p = server.register(name);
    p.buildOk();
    return p;
  }

  private static HttpRequest.Builder request(PackageApi p, String text) {
    return server
        .client()
        .request(
            "%s/models/orders.malloy/query?query=%s"
                .formatted(p.path(), URLEncoder.encode(text, UTF_8)));
  }

  private static Answer get(PackageApi p, String text) {
    return server.client().send(request(p, text)).expect(200);
  }

  private static Answer conditional(PackageApi p, String text, String tag) {
    return server.client().send(request(p, text).header("If-None-Match", tag));
  }

  private static String data(JsonNode answer) {
    String result = answer.path("result").asString();
    return result.substring(result.indexOf("\"data\""));
  }

  private static boolean cached(Answer answer) {
    return answer.json().path("cached").booleanValue();
  }

  @Test
  void anAnswerFromATableIsGivenAgain() {
    PackageApi p = orders("again");
    JsonNode first = p.query("orders.malloy", TEXT).expect(200).json();
    JsonNode second = p.query("orders.malloy", TEXT).expect(200).json();
    Answer third = p.query("orders.malloy", TEXT).expect(200);

    assertThat(first.path("cached").booleanValue()).isFalse();
    assertThat(second.path("cached").booleanValue()).isFalse();
    assertThat(cached(third)).isTrue();
    for (String field : new String[] {"result", "sql", "materialized", "live", "resource"}) {
      assertThat(third.json().path(field)).as(field).isEqualTo(first.path(field));
    }
  }

  @Test
  void whoHasTheAnswerIsToldSo() {
    PackageApi p = orders("conditional");
    Answer answer = get(p, TEXT);
    String tag = answer.header("ETag");

    assertThat(tag).matches("\"[0-9a-f]{64}\"");
    assertThat(answer.header("Cache-Control")).isEqualTo("private, no-cache");
    assertThat(answer.header("Vary")).contains("Accept");
    Answer same = conditional(p, TEXT, tag).expect(304);
    assertThat(same.text()).isEmpty();
    assertThat(same.header("ETag")).isEqualTo(tag);
    conditional(p, TEXT, "\"other\", W/" + tag).expect(304);
    conditional(p, TEXT, "\"other\"").expect(200);
    server
        .client()
        .send(
            server
                .client()
                .request(p.path() + "/models/orders.malloy/query")
                .header("Content-Type", "application/json")
                .header("If-None-Match", tag)
                .POST(HttpRequest.BodyPublishers.ofString("{\"queryName\":\"all_totals\"}")))
        .expect(200);
  }

  @Test
  void itIsTheSameAnswerByGet() {
    PackageApi p = orders("same");
    String path = p.path() + "/models/orders.malloy/query?queryName=all_totals&compactJson=true";
    Answer first = server.client().get(path).expect(200);

    assertThat(cached(first)).isFalse();
    assertThat(cached(p.named("orders.malloy", "all_totals").expect(200))).isTrue();
    for (String yes : new String[] {"True", "1", "yes", "on"}) {
      String said = path.replace("compactJson=true", "compactJson=" + yes);
      assertThat(cached(server.client().get(said).expect(200))).as(yes).isTrue();
    }
    assertThat(server.client().get(path).header("ETag")).isEqualTo(first.header("ETag"));
  }

  @Test
  void aTagOutlivesTheServer(@TempDir Path other) {
    String tag;
    String path = "/models/orders.malloy/query?queryName=all_totals&compactJson=true";
    try (Server before = Server.start(other)) {
      PackageFiles.orders(before.packageFolder("kept"), MODEL.formatted("sums", "sum"));
      PackageApi p = before.register("kept");
      p.buildOk();
      tag = before.client().get(p.path() + path).expect(200).header("ETag");
    }
    try (Server after = Server.start(other)) {
      var request =
          after
              .client()
              .request(after.packagesPath() + "/kept" + path)
              .header("If-None-Match", tag);
      after.client().send(request).expect(304);
    }
  }

  @Test
  void eachFormHasATagOfItsOwn() {
    PackageApi p = orders("forms");
    String stable = get(p, TEXT).header("ETag");
    String compact =
        server
            .client()
            .send(
                server
                    .client()
                    .request(
                        "%s/models/orders.malloy/query?queryName=all_totals&compactJson=true"
                            .formatted(p.path())))
            .expect(200)
            .header("ETag");
    Answer csv = server.client().send(request(p, TEXT).header("Accept", "text/csv")).expect(200);

    assertThat(csv.text()).startsWith("customer,total\r\nann,30\r\n");
    assertThat(csv.header("ETag")).isNotEmpty().isNotIn(stable, compact);
    assertThat(stable).isNotEqualTo(compact);
    server
        .client()
        .send(
            request(p, TEXT)
                .header("Accept", "text/csv")
                .header("If-None-Match", csv.header("ETag")))
        .expect(304);
    conditional(p, TEXT, csv.header("ETag")).expect(200);
  }

  @Test
  void aPublicationChangesTheTagAndTheAnswer() {
    PackageApi p = orders("published");
    Answer before = get(p, TEXT);
    get(p, TEXT);
    p.buildOk();
    conditional(p, TEXT, before.header("ETag")).expect(304);

    p.build("{\"forceRefresh\":true}");

    Answer after = conditional(p, TEXT, before.header("ETag")).expect(200);
    assertThat(cached(after)).isFalse();
    assertThat(after.header("ETag")).isNotEqualTo(before.header("ETag"));
    assertThat(after.json().at("/materialized/0/physicalTable"))
        .isNotEqualTo(before.json().at("/materialized/0/physicalTable"));
  }

  @Test
  void anEditIsAnsweredAnewAfterItsBuild() {
    PackageApi p = orders("edited");
    String tag = get(p, TEXT).header("ETag");
    PackageFiles.orders(server.packageFolder("edited"), MODEL.formatted("sums", "max"));
    conditional(p, TEXT, tag).expect(304);
    p.buildOk();

    Answer after = conditional(p, TEXT, tag).expect(200);

    assertThat(after.json().path("result").asString()).contains("20");
    assertThat(cached(after)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run: orders -> { aggregate: n is count() }",
        "run: totals -> { select: customer, asked is now }",
        "run: totals -> { select: customer; limit: 1 }",
        "run: totals -> { aggregate: n is count(); where: customer != 'x' } -> { select: *, at is now }"
      })
  void whatIsLiveOrOfItsMomentIsNeverKept(String text) {
    PackageApi p =
        server.client().get(server.packagesPath() + "/moment").status() == 200
            ? new PackageApi(server.client(), server.packagesPath() + "/moment")
            : orders("moment");
    for (int time = 0; time < 3; time++) {
      Answer answer = get(p, text);
      assertThat(cached(answer)).isFalse();
      assertThat(answer.headers().firstValue("ETag")).isEmpty();
      assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
      assertThat(cached(p.query("orders.malloy", text).expect(200))).isFalse();
    }
  }

  @Test
  void aTableThatSomebodyDroppedIsNoticedThoughNobodyReadsIt() {
    PackageApi p = orders("dropped");
    PackageDatabase database = PackageDatabase.of(server, "dropped");
    database.awaitRows("FROM sums");
    Answer kept = get(p, TEXT);
    assertThat(cached(get(p, TEXT))).isTrue();
    database.drop(kept.json().at("/materialized/0/physicalTable").asString());

    Wait.until("a live answer", () -> !get(p, TEXT).json().path("live").isEmpty());

    JsonNode live = get(p, TEXT).json();
    assertThat(live.at("/live/0/reason").asString()).isEqualTo("TABLE_MISSING");
    // Malloy gives the fields of each compilation new ids.
    assertThat(data(live)).isEqualTo(data(kept.json()));
    conditional(p, TEXT, kept.header("ETag")).expect(200);
  }

  @Test
  void whatIsWrongIsAProblemWithoutATag() {
    PackageApi p = orders("wrong");
    String path = p.path() + "/models/orders.malloy/query";
    for (String parameters :
        new String[] {
          "",
          "?query=run:%20none%20-%3E%20%7B%7D",
          "?queryName=none",
          "?query=x&queryName=y",
          "?queryName=all_totals&compactJson=maybe",
          "?queryName=all_totals&queryName=all_totals",
          "?queryName=all_totals&filterParams=%7B%7D"
        }) {
      Answer answer = server.client().get(path + parameters);
      assertThat(answer.status()).as(parameters).isBetween(400, 499);
      assertThat(answer.code()).as(parameters).isNotEmpty();
      assertThat(answer.headers().firstValue("ETag")).isEmpty();
    }
  }
}
