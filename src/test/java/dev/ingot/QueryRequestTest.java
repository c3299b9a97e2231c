package dev.ingot;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.manifest.ServedPackages;
import dev.ingot.project.PackageKey;
import dev.ingot.testing.Answer;
import dev.ingot.testing.RawRequest;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.net.Socket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a query or a check is asked by, and clients that hang up. */
class QueryRequestTest extends QueryResult {

  private static final PackageKey KEY = PackageKey.of("p", "results");

  @Test
  void aQueryIsAnsweredByItsNameFromTheTableThatItReads() {
    Answer answer = results.named("orders.malloy", "top_customer").expect(200);

    assertThat(answer.rows().toString()).isEqualTo("[{\"customer\":\"cid\",\"total\":110}]");
    assertThat(answer.json().path("materialized").get(0).path("source").asString())
        .isEqualTo("by_customer");
    assertThat(answer.json().path("live")).isEmpty();
  }

  @Test
  void aNestedQueryNestsItsRows() {
    assertThat(results.named("orders.malloy", "by_item").expect(200).rows().toString())
        .isEqualTo(
            JSON.readTree(
                    """
                    [{"item":"ink","total":120,"customers":[
                        {"customer":"ann","total":20},{"customer":"bob","total":40},
                        {"customer":"cid","total":60}]},
                      {"item":"pen","total":90,"customers":[
                        {"customer":"ann","total":10},{"customer":"bob","total":30},
                        {"customer":"cid","total":50}]}]
                    """)
                .toString());
  }

  @Test
  void aViewIsAnsweredByItsSourceAndItsName() {
    JsonNode rows =
        resultOf(Map.of("sourceName", "cells", "queryName", "just_n", "compactJson", true));

    assertThat(rows.toString()).isEqualTo("[{\"n\":7}]");
  }

  @Test
  void compilingGivesTheSqlOnlyWhenItIsAskedFor() {
    String source = "run: by_customer -> { select: customer }";

    JsonNode bare = post("compile", Map.of("source", source)).expect(200).json();
    JsonNode withSql =
        post("compile", Map.of("source", source, "includeSql", true)).expect(200).json();

    assertThat(bare.path("status").asString()).isEqualTo("success");
    assertThat(bare.path("problems")).isEmpty();
    assertThat(bare.path("sql").isNull()).isTrue();
    assertThat(withSql.path("status").asString()).isEqualTo("success");
    assertThat(withSql.path("sql").asString()).contains("SELECT").contains("by_customer__");
  }

  @Test
  void whatDoesNotCompileIsReportedWithItsPlaceAndIsNoError() {
    JsonNode checked =
        post("compile", Map.of("source", "\nrun: nothing -> { select: * }", "includeSql", true))
            .expect(200)
            .json();

    assertThat(checked.path("status").asString()).isEqualTo("error");
    assertThat(checked.path("sql").isNull()).isTrue();
    JsonNode problem = checked.path("problems").get(0);
    assertThat(problem.path("message").asString()).contains("nothing");
    assertThat(problem.path("line").asInt()).isEqualTo(2);
    assertThat(problem.path("model").isNull()).isTrue();
  }

  @Test
  void aSourceIsCompiledWithoutAQueryInIt() {
    JsonNode checked =
        post("compile", Map.of("source", "source: more is orders extend {}", "includeSql", true))
            .expect(200)
            .json();

    assertThat(checked.path("status").asString()).isEqualTo("success");
    assertThat(checked.path("sql").isNull()).isTrue();
  }

  @Test
  void aQueryWhoseClientHangsUpIsEnded() throws IOException {
    ServedPackages served = server.bean(ServedPackages.class);
    String body =
        JSON.writeValueAsString(Map.of("query", "run: endless -> { aggregate: x is max(h) }"));
    for (int i = 0; i < 3; i++) {
      try (Socket socket =
          RawRequest.post(client.url(), results.path() + "/models/orders.malloy/query", body)) {
        Wait.until("the query runs", () -> served.get(KEY).pins() == 1);
        assertThat(socket.isConnected()).isTrue();
      }
      // It would run for hours, and nothing but the hanging up could end it.
      Wait.until("the query has ended", () -> served.get(KEY).pins() == 0);
    }
    results.query("orders.malloy", "run: cells -> { select: n }").expect(200);
  }

  @Test
  void aClientThatWaitsIsNotTakenForOneThatHungUp() throws IOException {
    // This one takes longer than the watch needs to look a few times.
    String body =
        JSON.writeValueAsString(
            Map.of("query", "run: lengthy -> { aggregate: x is max(h) }", "compactJson", true));
    try (Socket socket =
        RawRequest.post(client.url(), results.path() + "/models/orders.malloy/query", body)) {
      byte[] first = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
      assertThat(new String(first, US_ASCII)).isEqualTo("HTTP/1.1 200");
    }
  }
}
