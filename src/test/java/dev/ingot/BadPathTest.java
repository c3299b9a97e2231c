package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.RawRequest;
import dev.ingot.testing.Refusal;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths, their parameters and methods that no resource has. */
class BadPathTest extends BadInput {

  @ParameterizedTest
  @CsvSource({
    "GET, /projects/none, project",
    "PATCH, /projects/none, project",
    "DELETE, /projects/none, project",
    "GET, /projects/none/packages, project",
    "POST, /projects/none/packages, project",
    "GET, /projects/none/connections, project",
    "GET, /projects/none/packages/good, project",
    "POST, /projects/none/packages/good/materializations, project",
    "GET, /projects/none/packages/good/manifest, project",
    "GET, /projects/p/packages/none, package",
    "PATCH, /projects/p/packages/none, package",
    "DELETE, /projects/p/packages/none, package",
    "GET, /projects/p/packages/none/models, package",
    "GET, /projects/p/packages/none/models/orders.malloy, package",
    "POST, /projects/p/packages/none/models/orders.malloy/query, package",
    "POST, /projects/p/packages/none/models/orders.malloy/compile, package",
    "GET, /projects/p/packages/none/materializations, package",
    "POST, /projects/p/packages/none/materializations, package",
    "GET, /projects/p/packages/none/materializations/x, package",
    "POST, /projects/p/packages/none/materializations/x/start, package",
    "POST, /projects/p/packages/none/materializations/x/stop, package",
    "DELETE, /projects/p/packages/none/materializations/x, package",
    "GET, /projects/p/packages/none/manifest, package",
    "POST, /projects/p/packages/none/manifest/reload, package",
    "POST, /projects/p/packages/none/manifest/load, package",
    "GET, /projects/p/packages/good/models/none.malloy, model",
    "GET, /projects/p/packages/good/models/publisher.json, model",
    "GET, /projects/p/packages/good/models/data/orders.csv, model",
    "GET, /projects/p/packages/good/models/..%2f..%2fhome%2fstate.duckdb, model",
    "POST, /projects/p/packages/good/models/none.malloy/query, model",
    "POST, /projects/p/packages/good/models/none.malloy/compile, model",
    "POST, /projects/p/packages/good/models/deep/er/none.malloy/query, model",
    "GET, /projects/p/packages/good/materializations/none, materialization",
    "POST, /projects/p/packages/good/materializations/none/start, materialization",
    "POST, /projects/p/packages/good/materializations/none/stop, materialization",
    "POST, /projects/p/packages/good/materializations/none?action=start, materialization",
    "POST, /projects/p/packages/good/materializations/none?action=stop, materialization",
    "DELETE, /projects/p/packages/good/materializations/none, materialization",
    "GET, /projects/none/connections/duckdb, project",
    "GET, /projects/p/connections/none, connection",
    "PATCH, /projects/p/connections/none, connection",
    "DELETE, /projects/p/connections/none, connection",
    "GET, /projects/p/connections/none/schemas, connection",
    "GET, /projects/p/connections/none/tables, connection",
    "GET, /projects/p/connections/none/tables/public.orders, connection",
  })
  void whatIsNotThereIsA404ThatNamesItsKind(String method, String path, String kind) {
    String body =
        path.endsWith("/packages")
            ? "{\"name\":\"x\",\"location\":\"x\"}"
            : path.endsWith("/query")
                ? "{\"query\":\"run: orders -> items\"}"
                : path.endsWith("/compile") ? "{\"source\":\"run: orders -> items\"}" : "{}";

    Refusal.check(send(method, API + path, body), 404, kind + "_not_found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/nothing", "/api/v0", "/api/v0/nothing", "/api/v1/projects", "/error", K + "/x"})
  void anUnknownPathIsA404(String path) {
    Refusal.check(client.get(path), 404, "not_found");
  }

  @Test
  void aModelThatIsNotThereIsAnsweredWithThoseThatAre() {
    Refusal.check(client.get(K + "/models/order.malloy"), 404, "model_not_found", "orders.malloy");
  }

  @ParameterizedTest
  @CsvSource({
    "limit=abc, limit",
    "limit=0, limit",
    "limit=-1, limit",
    "limit=1001, limit",
    "limit=99999999999, limit",
    "limit=1.5, limit",
    "offset=-1, offset",
    "offset=x, offset",
    "status=DONE, status",
    "status=, status",
    "limit=, limit",
    "limit, limit",
  })
  void aListIsNotAskedForNonsense(String parameter, String word) {
    Refusal.check(client.get(K + "/materializations?" + parameter), 400, "bad_request", word);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /manifest?names=both, names",
    "POST, /manifest?action=drop, action",
    "POST, /manifest, action",
    "POST, /materializations/x?action=go, action",
    "POST, /materializations/x, action",
    "GET, ?reload=maybe, reload",
  })
  void aParameterOutsideItsChoicesIsNamed(String method, String path, String word) {
    Refusal.check(send(method, K + path, null), 400, "bad_request", word);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%2e%2e",
        "%2E%2E",
        "a%2e%2eb",
        "a%2fb",
        "..%2f..",
        "a%20b",
        "-a",
        "a.",
        "%C3%A4",
        "TOOLONG"
      })
  void aNameThatCouldNotBeAFolderIsRefusedInAPath(String name) {
    String actual = name.equals("TOOLONG") ? "a".repeat(65) : name;

    Refusal.check(client.get(API + "/projects/" + actual), 400, "invalid_name");
    Refusal.check(client.get(API + "/projects/p/packages/" + actual), 400, "invalid_name");
    Refusal.check(client.delete(API + "/projects/p/packages/" + actual), 400, "invalid_name");
    Refusal.check(
        client.post(API + "/projects/p/packages/" + actual + "/materializations"),
        400,
        "invalid_name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v0/projects/%00",
        "/api/v0/projects/a%00b/packages",
        "/api/v0/projects/p/packages/good/models/orders.malloy%00",
        "/api/v0/projects/%",
        "/api/v0/projects/%zz",
        "/api/v0/projects/%ff",
        "/api/v0/projects/a%5cb",
        "/api/v0/projects/..",
        "/api/v0/projects/p/../p/packages",
        "/api/v0/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
      })
  void aPathThatServersStumbleOverIsRefused(String path) throws IOException {
    Answer answer = RawRequest.get(client.url(), path);

    assertThat(answer.status()).as(answer.text()).isIn(400, 404);
    Refusal.check(answer, answer.status(), answer.code());
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, /projects",
    "DELETE, /projects",
    "PUT, /projects/p",
    "POST, /projects/p",
    "PATCH, /projects/p/packages",
    "DELETE, /projects/p/packages/good/models/orders.malloy/query",
    "GET, /projects/p/packages/good/models/orders.malloy/compile",
    "GET, /projects/p/packages/good/models/reports/orders.malloy/compile",
    "DELETE, /projects/p/packages/good/models/orders.malloy",
    "PUT, /projects/p/packages/good/materializations",
    "GET, /projects/p/packages/good/manifest/reload",
    "DELETE, /projects/p/packages/good/manifest",
    "POST, /status",
  })
  void aMethodThatAResourceDoesNotHaveIsRefused(String method, String path) {
    Answer answer = send(method, API + path, "{}");

    Refusal.check(answer, 405, "method_not_allowed");
    assertThat(answer.header("Allow")).contains("OPTIONS").doesNotContain(method);
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders.malloy", "reports/orders.malloy", "reports%2Forders.malloy"})
  void whatAModelCanBeAskedIsListed(String model) {
    for (String action : List.of("query", "compile")) {
      Answer answer = send("OPTIONS", K + "/models/" + model + "/" + action, null);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("Allow")).contains("POST");
    }
  }

  private static Answer send(String method, String path, @Nullable String body) {
    return client.send(
        client
            .request(path)
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null || method.equals("GET")
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(body)));
  }
}
