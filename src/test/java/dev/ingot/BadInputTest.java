package dev.ingot;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.RawRequest;
import dev.ingot.testing.Refusal;
import dev.ingot.testing.Server;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whatever comes in, the answer says what is wrong, and the tables and the server stay. */
class BadInputTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String API = "/api/v0";
  private static final String K = API + "/projects/p/packages/good";
  private static final String QUERY = K + "/models/orders.malloy/query";
  private static final int MEGABYTE = 1 << 20;
  private static final String MODEL =
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
  private static Server server;
  private static Client client;
  private static PackageApi good;
  private static JsonNode table;

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
  private static JsonNode served() {
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
    "GET, /projects/p/connections/none, connection",
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
  @ValueSource(
      strings = {
        "{",
        "",
        " ",
        "null",
        "[]",
        "5",
        "\"name\"",
        "{\"name\":}",
        "{'name':'x'}",
        "{\"name\":5}",
        "{\"name\":{}}",
        "{\"name\":[]}",
        "{\"name\":true}",
        "{\"source\":1}",
        "{\"query\":{}}",
        "{\"location\":[1]}",
        "{\"forceRefresh\":\"maybe\"}",
        "{\"autoLoadManifest\":7}",
        "{\"sources\":[null]}",
        "{\"version\":1.5}",
        "{} {}",
        "{}x",
        "{\"name\":\"a\"",
        "\u0000",
        "<x/>",
        "{\"packages\":[null]}",
        "{\"packages\":{}}",
        "{\"packages\":[[]]}",
        "{\"connections\":[[]]}",
        "{\"compactJson\":\"x\"}",
        "{\"name\":\"\\ud800\"}",
        "{\"name\":\"x\",\"packages\":[null]}",
        "{\"name\":\"x\",\"packages\":[{}]}",
        "{\"description\":{}}"
      })
  void noBodyThatDoesNotFitIsTaken(String body) {
    for (String path : POSTS.keySet()) {
      if ((body.isEmpty() || body.equals("null")) && path.endsWith("/materializations")) {
        continue; // there a body may be left out
      }
      Answer answer = client.post(path, body);
      assertThat(answer.status()).as("%s %s: %s", path, body, answer.text()).isEqualTo(400);
      Refusal.check(answer, 400, answer.code());
    }
    assertThat(projectNames()).containsExactly("p");
  }

  /** Where bodies are read, with one that is taken. */
  private static final Map<String, String> POSTS =
      Map.of(
          API + "/projects",
          "{\"name\":\"p\"}",
          API + "/projects/p/packages",
          "{\"name\":\"good\",\"location\":\"x\"}",
          K + "/materializations",
          "{\"forceRefresh\":true,\"autoLoadManifest\":true}",
          QUERY,
          "{\"sourceName\":\"orders\",\"queryName\":\"items\",\"compactJson\":true}",
          K + "/models/orders.malloy/compile",
          "{\"source\":\"run: orders -> items\"}");

  private static List<String> projectNames() {
    return client
        .get(API + "/projects")
        .expect(200)
        .json()
        .valueStream()
        .map(project -> project.path("name").asString())
        .toList();
  }

  @Test
  void malformedJsonIsAnsweredWithItsPlace() {
    Answer answer = client.post(API + "/projects", "{\n  \"name\": x }");

    Refusal.check(answer, 400, "bad_request", "line 2", "column 11");
  }

  @Test
  void textBehindTheJsonIsNamedAsSuch() {
    Answer answer = client.post(API + "/projects", "{\"name\":\"x\"} {}");

    Refusal.check(answer, 400, "bad_request");
    assertThat(answer.json().path("message").asString()).contains("after").doesNotContain("''");
  }

  @Test
  void aFieldOfTheWrongTypeIsNamed() {
    Refusal.check(
        client.post(API + "/projects", "{\"name\":[\"x\"]}"), 400, "bad_request", "'name'");
    Refusal.check(
        client.post(API + "/projects", "{\"name\":\"x\",\"packages\":[{\"name\":{}}]}"),
        400,
        "bad_request",
        "packages",
        "name");
  }

  @ParameterizedTest
  @CsvSource({
    "/projects, nmae, name",
    "/projects, materialisationStorage, materializationStorage",
    "/projects/p/packages, locaton, location",
    "/projects/p/packages/good/materializations, forcerefresh, forceRefresh",
    "/projects/p/packages/good/models/orders.malloy/query, qeury, query",
    "/projects/p/packages/good/models/orders.malloy/compile, includeSQL, includeSql",
  })
  void anUnknownFieldIsNamedWithTheNearestKnownOne(String path, String field, String near) {
    Answer answer = client.post(API + path, "{\"%s\":null}".formatted(field));

    Refusal.check(answer, 400, "unknown_field", "'" + field + "'", "did you mean '" + near + "'");
  }

  @Test
  void anUnknownFieldThatIsLikeNoneIsAnsweredWithThoseThatAre() {
    Answer answer = client.patch(K, "{\"entirelyDifferent\":1}");

    Refusal.check(answer, 400, "unknown_field", "'entirelyDifferent'", "description, location");
    assertThat(answer.json().path("message").asString()).doesNotContain("did you mean");
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
        "",
        " ",
        "..",
        ".",
        "a..b",
        "../a",
        "a/b",
        "a\\\\b",
        "a\\u0000b",
        "%2e%2e",
        "a b",
        "-a",
        ".a",
        "a.",
        "ä",
        "a;b",
        "a'b",
        "\\ud83d\\ude00",
        "TOOLONG"
      })
  void aNameThatCouldNotBeAFolderIsRefusedInABody(String name) {
    String actual = name.equals("TOOLONG") ? "a".repeat(65) : name;
    String location = server.packageFolder("good").toString();

    Refusal.check(
        client.post(API + "/projects", "{\"name\":\"%s\"}".formatted(actual)), 400, "invalid_name");
    Refusal.check(
        client.post(
            API + "/projects/p/packages",
            "{\"name\":\"%s\",\"location\":\"%s\"}".formatted(actual, location)),
        400,
        "invalid_name");
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

  @Test
  void aNameThatIsTakenIsAConflict() {
    Refusal.check(client.post(API + "/projects", "{\"name\":\"p\"}"), 409, "project_exists");
    Refusal.check(
        register("good", server.packageFolder("good").toString()), 409, "package_exists", "PATCH");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://bucket/package",
        "gs://bucket/package",
        "https://example.org/package.zip",
        "git@example.org:team/package.git",
        "ssh://example.org/package",
        "file:///etc",
        "S3://x"
      })
  void aRemoteLocationIsRefusedWithAWayOut(String location) {
    Refusal.check(register("r", location), 400, "invalid_location", "remote", "copy the package");
  }

  @Test
  void aLocationOutsideTheRootsIsRefused(@TempDir Path elsewhere) throws IOException {
    Path real = elsewhere.toRealPath();
    PackageFiles.orders(real.resolve("package"), MODEL);
    Path link = Files.createSymbolicLink(folder.resolve("packages/link"), real.resolve("package"));
    Path deep = Files.createSymbolicLink(folder.resolve("packages/deep"), real);

    for (String location :
        List.of(
            "/",
            "/etc",
            real.resolve("package").toString(),
            link.toString(),
            deep.resolve("package").toString(),
            server.packageFolder("good") + "/../../../" + real.getFileName() + "/package")) {
      Refusal.check(register("outside", location), 400, "invalid_location");
    }
    Refusal.check(
        client.patch(K, JSON.writeValueAsString(Map.of("location", link.toString()))),
        400,
        "invalid_location",
        "ingot.package-roots");
  }

  @Test
  void aLocationInOrAroundTheHomeIsRefused() throws IOException {
    Path home = folder.resolve("home");
    Path link = Files.createSymbolicLink(folder.resolve("packages/home"), home);
    Path database = home.resolve("databases/p/good");
    PackageFiles.create(database).model("m.malloy", "");

    for (Path location : List.of(home, folder, database, link, link.resolve("databases/p/good"))) {
      Refusal.check(register("inside", location.toString()), 400, "invalid_location", "home");
    }
    Refusal.check(register("inside", home.resolve("packages").toString()), 400, "invalid_location");
  }

  @Test
  void aLocationThatIsNoFolderIsRefused() {
    for (String location :
        List.of(
            "",
            " ",
            "none/such",
            folder + "/packages/none",
            server.packageFolder("good") + "/publisher.json",
            "a\u0000b",
            "x".repeat(5000))) {
      Refusal.check(register("nofolder", location), 400, "invalid_location");
    }
  }

  @Test
  void aPackageMustHaveAReadablePublisherJson() throws IOException {
    Path bad = server.packageFolder("no-publisher");
    PackageFiles files = PackageFiles.create(bad).model("m.malloy", "");

    for (String text : List.of("{", "[]", "5", "null", "", "{\"name\":{}}", "{\"version\":[1]}")) {
      files.file("publisher.json", text);
      Answer answer = register("no-publisher", bad.toString());
      Refusal.check(answer, 400, "invalid_package", "publisher.json");
    }
    Files.write(bad.resolve("publisher.json"), new byte[] {'"', (byte) 0xff, '"'});
    Refusal.check(
        register("no-publisher", bad.toString()), 400, "invalid_package", "publisher.json");
    Files.delete(bad.resolve("publisher.json"));
    Refusal.check(
        register("no-publisher", bad.toString()), 400, "invalid_package", "publisher.json");
  }

  @Test
  void everyModelThatCannotBeReadIsNamed() throws IOException {
    Path bad = server.packageFolder("bad-models");
    PackageFiles.create(bad).model("fine.malloy", "");
    Files.write(bad.resolve("latin.malloy"), new byte[] {'#', '#', (byte) 0xe4, '\n'});
    Files.write(bad.resolve("huge.malloy"), new byte[20 * MEGABYTE]);
    Files.createSymbolicLink(bad.resolve("dangling.malloy"), bad.resolve("none"));
    Files.createSymbolicLink(
        bad.resolve("leading-out.malloy"), server.packageFolder("good").resolve("orders.malloy"));

    Answer answer = register("bad-models", bad.toString());

    Refusal.check(answer, 400, "invalid_package");
    assertThat(answer.json().path("problems").valueStream())
        .extracting(problem -> problem.path("model").asString())
        .containsExactlyInAnyOrder(
            "latin.malloy", "huge.malloy", "dangling.malloy", "leading-out.malloy");
    assertThat(client.get(API + "/projects/p/packages/bad-models").status()).isEqualTo(404);
  }

  @Test
  void aPackageMustHaveAModel() {
    Path bad = server.packageFolder("no-model");
    PackageFiles.create(bad).file("data/x.csv", "a\n1\n");

    Refusal.check(register("no-model", bad.toString()), 400, "invalid_package", ".malloy");
  }

  @Test
  void aProjectIsCreatedWithAllOfItsPackagesOrNotAtAll() {
    String body =
        """
        {"name":"half","packages":[
          {"name":"a","location":"%s"},{"name":"b","location":"none/such"}]}
        """
            .formatted(server.packageFolder("good"));

    Refusal.check(client.post(API + "/projects", body), 400, "invalid_location");
    assertThat(projectNames()).containsExactly("p");
  }

  @Test
  void whatThisVersionDoesNotSupportIsRefused() {
    for (String extra : List.of("\"connections\":[{\"name\":\"x\",\"type\":\"postgres\"}]")) {
      Refusal.check(
          client.post(API + "/projects", "{\"name\":\"q\"," + extra + "}"), 400, "not_supported");
      Refusal.check(
          client.patch(API + "/projects/p", "{\"name\":\"p\"," + extra + "}"),
          400,
          "not_supported");
    }
    Refusal.check(client.patch(API + "/projects/p", "{\"name\":\"q\"}"), 400, "not_supported");
    Refusal.check(client.patch(K, "{\"name\":\"other\"}"), 400, "not_supported");
    assertThat(projectNames()).containsExactly("p");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'x' | bad_request | object",
        "[] | bad_request | object",
        "5 | bad_request | object",
        "{} | bad_request | catalogUrl",
        "{'catalogUrl':5} | bad_request | catalogUrl",
        "{'catalogUrl':'postgres://u:s3cr3t@h/d'} | bad_request | dataPath",
        "{'catalogURL':'x'} | unknown_field | did you mean 'catalogUrl'",
        "{'catalogUrl':'s3cr3t','dataPath':'file:///x'} | invalid_storage | postgres://",
        "{'catalogUrl':'postgres://u:s3cr3t %@h/d','dataPath':'file:///x'} | invalid_storage | URL",
        "{'catalogUrl':'mysql://u:s3cr3t@h/d','dataPath':'file:///x'} | invalid_storage | postgres://",
        "{'catalogUrl':'postgres://h/d','dataPath':'file:///x'} | invalid_storage | user",
        "{'catalogUrl':'postgres://u:s3cr3t@h','dataPath':'file:///x'} | invalid_storage | database",
        "{'catalogUrl':'postgres://u:***@h/d','dataPath':'file:///x'} | invalid_storage | masked",
        "{'catalogUrl':'postgres://u%00x:s3cr3t@h/d','dataPath':'file:///x'} | invalid_storage | control",
        "{'catalogUrl':'postgres://u:s3cr3t@h/d?socketFactory=x','dataPath':'file:///x'} | invalid_storage | sslmode",
        "{'catalogUrl':'postgres://u:s3cr3t@h/d','dataPath':'/x'} | invalid_storage | dataPath",
        "{'catalogUrl':'postgres://u:s3cr3t@h/d','dataPath':'file:///x/../y'} | invalid_storage | dataPath",
        "{'catalogUrl':'postgres://u:s3cr3t@h/d','dataPath':'file:///x','bucket':{'accessKeyId':'k','secretAccessKey':'s3cr3t'}} | invalid_storage | folder",
        "{'catalogUrl':'postgres://u:s3cr3t@h/d','dataPath':'s3://bucket','bucket':{}} | bad_request | accessKeyId",
        "{'catalogUrl':'postgres://u:s3cr3t@h/d','dataPath':'s3://bucket','bucket':{'accessKeyId':'k'}} | bad_request | secretAccessKey",
        "{'catalogUrl':'postgres://u:s3cr3t@h/d','dataPath':'s3://bucket','bucket':{'accessKeyId':'k','secretAccessKey':'***'}} | invalid_storage | masked",
        "{'catalogUrl':'postgres://u:s3cr3t@h/d','dataPath':'s3://bucket','bucket':{'accessKeyId':'k','secretAccessKey':' '}} | invalid_storage | empty",
        "{'catalogUrl':'postgres://u:s3cr3t@h/d','dataPath':'s3://bucket','bucket':{'accessKeyId':'k','secretAccessKey':'s3cr3t','endpoint':'http://h:1'}} | invalid_storage | endpoint",
        "{'catalogUrl':'postgres://u:s3cr3t@h/d','dataPath':'s3://bucket','bucket':{'acessKeyId':'k'}} | unknown_field | did you mean 'accessKeyId'",
        "{'catalogUrl':'postgres://u:s3cr3t@h/d','dataPath':'s3://bucket','bucket':{'pathStyle':'s3cr3t'}} | bad_request | pathStyle",
      })
  void aStorageThatCannotBeOneIsRefusedWithoutItsSecrets(String json, String code, String word) {
    String storage = "{\"materializationStorage\":" + json.replace('\'', '"');

    for (Answer answer :
        List.of(
            client.post(API + "/projects", storage + ",\"name\":\"q\"}"),
            client.patch(API + "/projects/p", storage + "}"))) {
      Refusal.check(answer, 400, code, word);
      assertThat(answer.text()).doesNotContain("s3cr3t");
    }
    assertThat(projectNames()).containsExactly("p");
  }

  @Test
  void aSecretWithoutQuotesIsNotRepeated() {
    Answer answer = client.post(API + "/projects", "{\"secretAccessKey\": s3cr3t }");

    Refusal.check(answer, 400, "bad_request", "line 1");
    assertThat(answer.text()).doesNotContain("s3cr3t");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run:",
        "run: nothing_like_it -> { select: * }",
        "run: duckdb.sql('select 1') -> { select: * }",
        "run: duckdb.table('data/orders.csv') -> { select: * }",
        "source: x is duckdb.table('data/orders.csv')\nrun: x -> { select: * }",
        "import 'orders.malloy'\nrun: orders -> items",
        "import '../../../home/state.duckdb'\nrun: orders -> items",
        "##! experimental.persistence\nrun: orders -> items",
        "run: orders -> { select: x is sql_number('1') }",
        "source: x is orders",
        "",
        " ",
        "\u0000",
        "select 1; drop view by_customer",
        "run: orders -> items; drop table x",
      })
  void aQueryThatDoesNotCompileOrReachesAroundTheModelIsRefused(String text) {
    Answer answer = good.query("orders.malloy", text);

    Refusal.check(answer, 400, "query_invalid");
    assertThat(answer.json().path("problems")).isNotEmpty();
  }

  @Test
  void aQueryThatIsNestedTooDeeplyForTheCompilerIsRefused() {
    String nested = "(".repeat(3000) + "1" + ")".repeat(3000);

    Answer answer = good.query("orders.malloy", "run: orders -> { group_by: x is " + nested + " }");

    Refusal.check(answer, 400, "query_invalid", "nested too deeply");
  }

  @Test
  void aSyntaxErrorIsAnsweredWithItsPlace() {
    Answer answer = good.query("orders.malloy", "run: orders -> {\n  group_by: customr\n}");

    Refusal.check(answer, 400, "query_invalid", "customr");
    JsonNode problem = answer.json().path("problems").get(0);
    assertThat(problem.path("line").asInt()).isEqualTo(2);
    assertThat(problem.path("column").asInt()).isEqualTo(13);
    assertThat(problem.path("severity").asString()).isEqualTo("error");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"queryName\":\"none\"} | 404 | query_not_found",
        "{\"sourceName\":\"orders\",\"queryName\":\"none\"} | 404 | query_not_found",
        "{\"sourceName\":\"none\",\"queryName\":\"items\"} | 404 | query_not_found",
        "{\"sourceName\":\"orders\",\"queryName\":\"customer\"} | 404 | query_not_found",
        "{\"sourceName\":\"orders -> items\",\"queryName\":\"x`; y\"} | 404 | query_not_found",
        "{\"sourceName\":\"orders\"} | 400 | bad_request",
        "{\"compactJson\":true} | 400 | bad_request",
        "{\"query\":\"run: orders -> items\",\"queryName\":\"items\"} | 400 | bad_request",
        "{\"query\":\"run: orders -> items\",\"sourceName\":\"orders\"} | 400 | bad_request",
        "{\"query\":\"run: orders -> items\",\"filterParams\":{\"a\":1}} | 400 | not_supported",
        "{\"query\":\"run: orders -> items\",\"filterParams\":[]} | 400 | bad_request",
        "{\"query\":\"run: orders -> items\",\"bypassFilters\":true} | 400 | not_supported",
        "{\"query\":\"run: orders -> items\",\"bypassFilters\":[\"a\"]} | 400 | not_supported",
      })
  void aQueryIsNamedInOneWay(String body, int status, String code) {
    Refusal.check(client.post(QUERY, body), status, code);
  }

  @Test
  void anUnknownQueryIsAnsweredWithThoseThatAre() {
    Refusal.check(
        client.post(QUERY, "{\"sourceName\":\"orders\",\"queryName\":\"item\"}"),
        404,
        "query_not_found",
        "items");
  }

  @Test
  void filtersThatAreEmptyAreNoFilters() {
    client
        .post(
            QUERY,
            "{\"query\":\"run: orders -> items\",\"filterParams\":{},\"bypassFilters\":false}")
        .expect(200);
  }

  @Test
  void aResultOverTheRowLimitIsRefusedWithTheSettingsName() {
    Refusal.check(
        good.query("orders.malloy", "run: many -> { group_by: n; where: n < 1001 }"),
        413,
        "result_too_large",
        "1000 rows",
        "ingot.query.max-rows");
    assertThat(good.rows("orders.malloy", "run: many -> { group_by: n; where: n < 1000 }"))
        .hasSize(1000);
  }

  @Test
  void aResultOverTheByteLimitIsRefusedWithTheSettingsName() {
    Refusal.check(
        good.query(
            "orders.malloy",
            "run: many -> { group_by: n, x is repeat('äöü', 5000); where: n < 2 }"),
        413,
        "result_too_large",
        "ingot.query.max-result-size");
  }

  @Test
  void aQueryOverTheTimeLimitIsEndedWithTheSettingsName() {
    Refusal.check(
        good.query("orders.malloy", "run: endless -> { aggregate: x is max(h) }"),
        504,
        "timeout",
        "2000 ms",
        "ingot.query.timeout");
  }

  @Test
  void aQueryThatTheDatabaseRefusesIsA422() {
    Refusal.check(
        good.query("orders.malloy", "run: orders -> { select: x is customer::number; limit: 5 }"),
        422,
        "query_failed",
        "ann");
  }

  @Test
  void aBodyOverTheLimitIsRefusedWhetherItsLengthIsSaidOrNot() {
    byte[] body = "{\"query\":\"%s\"}".formatted("-".repeat(2 * MEGABYTE)).getBytes(UTF_8);

    Answer said =
        client.send(
            client
                .request(QUERY)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body)));
    Answer chunked =
        client.send(
            client
                .request(QUERY)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));

    Refusal.check(said, 413, "request_too_large", "2097152", "ingot.max-request-size");
    Refusal.check(chunked, 413, "request_too_large", "2097152", "ingot.max-request-size");
  }

  @Test
  void aQueryTextOverTheCompilersLimitIsRefused() {
    Refusal.check(
        good.query("orders.malloy", "-- " + "x".repeat(MEGABYTE)), 413, "request_too_large");
  }

  @Test
  void aChunkedBodyIsReadLikeAnother() {
    byte[] body = "{\"query\":\"run: orders -> items\"}".getBytes(UTF_8);

    client
        .send(
            client
                .request(QUERY)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))))
        .expect(200);
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, /projects",
    "DELETE, /projects",
    "PUT, /projects/p",
    "POST, /projects/p",
    "PATCH, /projects/p/packages",
    "GET, /projects/p/packages/good/models/orders.malloy/query",
    "DELETE, /projects/p/packages/good/models/orders.malloy",
    "PUT, /projects/p/packages/good/materializations",
    "GET, /projects/p/packages/good/manifest/reload",
    "DELETE, /projects/p/packages/good/manifest",
    "POST, /status",
  })
  void aMethodThatAResourceDoesNotHaveIsRefused(String method, String path) {
    Answer answer = send(method, API + path, "{}");

    // Below models/ everything is a model's path, so there a GET finds no such model instead.
    boolean modelPath = method.equals("GET") && path.contains("/models/");
    Refusal.check(
        answer, modelPath ? 404 : 405, modelPath ? "model_not_found" : "method_not_allowed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"text/plain", "application/xml", "application/x-www-form-urlencoded", "x"})
  void aBodyOfAnotherTypeIsRefused(String type) {
    for (String path : POSTS.keySet()) {
      Answer answer =
          client.send(
              client
                  .request(path)
                  .header("Content-Type", type)
                  .POST(BodyPublishers.ofString("name=x")));
      Refusal.check(answer, 415, "unsupported_media_type");
    }
  }

  @Test
  void anAnswerOfAnotherTypeIsRefused() {
    for (String type : List.of("text/html", "image/png", "application/xml")) {
      Refusal.check(
          client.send(client.request(API + "/projects").header("Accept", type).GET()),
          406,
          "not_acceptable");
    }
  }

  @Test
  void noBodyWhateverItsBytesIsAServerError() {
    var random = new Random(20_260_101);
    for (int i = 0; i < 60; i++) {
      for (Map.Entry<String, String> post : POSTS.entrySet()) {
        byte[] body = i % 2 == 0 ? noise(random) : damaged(random, post.getValue());
        Answer answer =
            client.send(
                client
                    .request(post.getKey())
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(body)));
        assertThat(answer.status())
            .as("%s %s: %s", post.getKey(), new String(body, ISO_8859_1), answer.text())
            .isLessThan(500);
      }
    }
    assertThat(projectNames()).contains("p");
  }

  private static byte[] noise(Random random) {
    byte[] bytes = new byte[random.nextInt(1, 200)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** A good body with a few bytes changed. */
  private static byte[] damaged(Random random, String good) {
    byte[] bytes = good.getBytes(UTF_8);
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }

  private static Answer register(String name, String location) {
    return client.post(
        API + "/projects/p/packages",
        JSON.writeValueAsString(Map.of("name", name, "location", location)));
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
