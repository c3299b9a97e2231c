package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ingot.testing.Client;
import dev.ingot.testing.Commands;
import dev.ingot.testing.JarServer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.Ports;
import dev.ingot.testing.Readme;
import dev.ingot.testing.Scrape;
import dev.ingot.testing.SpanReceiver;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What operators need of the packaged server, whose parts were chosen when it was built. */
class OperatorsIT {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Path DEPLOY = Path.of("src/main/docker");
  private static final String ADMIN = "admin-0123456789abcdef0123456789abcdef";
  private static final String ON = "ingot.access.admin-key=" + ADMIN;
  private static final String QUERY = "run: busiest_hours -> { aggregate: n is count() }";

  /** Only in servers that share a project, that have PostgreSQL, or with webhooks. */
  private static final String ELSEWHERE =
      ".*(hikaricp_connections|ingot_catalog_silence|ingot_deliveries).*";

  @TempDir Path folder;

  @Test
  void prometheusScrapesItAndTheDashboardsQueriesFindWhatTheyAskFor() throws IOException {
    assumeTrue(
        Commands.tryRun(Duration.ofSeconds(30), "prometheus", "--version").exitCode().isPresent(),
        "No Prometheus on the PATH (Debian: apt-get install prometheus), so none scrapes it");
    int port = Ports.free();
    try (JarServer server = JarServer.start(folder, ON, "management.server.port=" + port);
        Prometheus prometheus = prometheus(port, readersKey(server))) {
      Client admin = server.client().as(ADMIN);
      PackageApi sample = new PackageApi(admin, server.sample().path());
      sample.buildOk();
      sample.rows("rush_hours.malloy", QUERY);
      sample.query("rush_hours.malloy", "run: nobody -> { group_by: x }").expect(400);
      Wait.until(
          "the build is counted",
          () -> "1".equals(prometheus.value("sum(ingot_run_seconds_count{outcome='published'})")));
      Wait.until(
          "it was scraped again",
          () ->
              "2"
                  .equals(
                      prometheus.value(
                          "clamp_max(count_over_time(ingot_query_seconds_count{answer='refused'}[1m]), 2)")));

      for (String expression :
          expressions(JSON.readTree(Files.readString(DEPLOY.resolve("dashboard.json"))))) {
        JsonNode found = prometheus.query(expression);
        assertThat(found.path("status").asString()).as(expression).isEqualTo("success");
        if (!expression.matches(ELSEWHERE)) {
          assertThat(found.at("/data/result").isEmpty()).as(expression).isFalse();
        }
      }
      assertThat(prometheus.get("/api/v1/rules").findValuesAsString("health"))
          .hasSize(4)
          .containsOnly("ok");
    }
  }

  /** Of a key that may read all, and nothing else. */
  private static String readersKey(JarServer server) {
    return server
        .client()
        .as(ADMIN)
        .post(
            "/api/v0/keys",
            "{\"name\":\"prometheus\",\"roles\":[{\"project\":\"*\",\"role\":\"read\"}]}")
        .expect(201)
        .json()
        .path("key")
        .asString();
  }

  private static List<String> expressions(JsonNode dashboard) {
    return dashboard.findValuesAsString("expr").stream()
        .map(one -> one.replace("$instance", ".*").replace("$project", ".*"))
        .toList();
  }

  private Prometheus prometheus(int scraped, String key) throws IOException {
    Files.writeString(folder.resolve("key"), key);
    Files.copy(DEPLOY.resolve("alerts.yaml"), folder.resolve("alerts.yaml"));
    Files.writeString(
        folder.resolve("prometheus.yml"),
        """
        global: {scrape_interval: 1s, evaluation_interval: 1s}
        rule_files: [alerts.yaml]
        scrape_configs:
          - job_name: ingot
            metrics_path: /actuator/prometheus
            authorization: {credentials_file: key}
            static_configs: [{targets: ['127.0.0.1:%d']}]
        """
            .formatted(scraped));
    int port = Ports.free();
    Process process =
        new ProcessBuilder(
                "prometheus",
                "--config.file=prometheus.yml",
                "--storage.tsdb.path=" + folder.resolve("tsdb"),
                "--web.listen-address=127.0.0.1:" + port)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
    Wait.until("Prometheus listens", () -> Ports.accepts(port));
    return new Prometheus(process, new Client("http://127.0.0.1:" + port));
  }

  private record Prometheus(Process process, Client client) implements AutoCloseable {

    JsonNode get(String path) {
      return client.get(path).expect(200).json();
    }

    JsonNode query(String expression) {
      return get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
    }

    /** The first one's. */
    String value(String expression) {
      return query(expression).at("/data/result/0/value/1").asString("");
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  @Test
  void theReadmesCommandsDoWhatItSays() throws IOException {
    List<String> commands =
        Readme.read().blocks("sh").stream()
            .filter(block -> block.contains("management."))
            .flatMap(String::lines)
            .toList();
    int port = Ports.free();
    try (SpanReceiver receiver = SpanReceiver.start();
        JarServer server =
            JarServer.start(
                folder,
                commands.stream()
                    .flatMap(command -> Stream.of(command.split(" ", -1)))
                    .filter(word -> word.startsWith("--"))
                    .map(word -> word.substring(2))
                    .map(word -> word.replace("4010", String.valueOf(port)))
                    .map(word -> word.startsWith(receiver.name()) ? receiver.setting() : word)
                    .toArray(String[]::new))) {
      String curl =
          commands.stream().filter(command -> command.startsWith("curl")).findFirst().orElseThrow();
      assertThat(Commands.run(curl.replace("4010", String.valueOf(port)).split(" ", -1)))
          .contains("ingot_compiler_processes{state=\"idle\"}");
      server.sample().named("rush_hours.malloy", "busiest_hours").expect(200);
      Wait.until("the query's span has come", () -> !receiver.named("ingot.query").isEmpty());
    }
  }

  @Test
  void theAlertsAreRaisedWhenTheyShouldBeAndNotBefore() throws IOException {
    assumeTrue(
        Commands.tryRun(Duration.ofSeconds(30), "promtool", "--version").exitCode().isPresent(),
        "No promtool on the PATH (Debian: apt-get install prometheus), so the alerts aren't tried");
    Files.copy(DEPLOY.resolve("alerts.yaml"), folder.resolve("alerts.yaml"));
    Path test = folder.resolve("test.yaml");
    Files.copy(Path.of("src/test/resources/alerts-test.yaml"), test);
    assertThat(Commands.run("promtool", "check", "rules", folder.resolve("alerts.yaml").toString()))
        .contains("4 rules found");
    assertThat(Commands.run("promtool", "test", "rules", test.toString())).contains("SUCCESS");
  }

  @Test
  void thePortForOperatorsTellsNobodyWhoMayNotReadAll() throws IOException {
    int port = Ports.free();
    try (JarServer server = JarServer.start(folder, ON, "management.server.port=" + port)) {
      Client admin = server.client().as(ADMIN);
      String ofOne =
          admin
              .post(
                  "/api/v0/keys",
                  "{\"name\":\"one\",\"roles\":[{\"project\":\"demo\",\"role\":\"admin\"}]}")
              .expect(201)
              .json()
              .path("key")
              .asString();
      refused(Scrape.get(port, null), 401, "unauthenticated");
      refused(Scrape.get(port, "x"), 401, "unauthenticated");
      refused(Scrape.get(port, ofOne), 403, "forbidden");
      assertThat(Scrape.get(port, readersKey(server)).statusCode()).isEqualTo(200);
      // It is nothing that callers of the API see.
      assertThat(admin.get("/actuator/prometheus").status()).isEqualTo(404);
    }
  }

  private static void refused(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(JSON.readTree(answer.body()).path("code").asString()).isEqualTo(code);
  }

  @Test
  void spansAreSentAndTheLogIsJsonWhereThatIsSaid() throws IOException {
    try (SpanReceiver receiver = SpanReceiver.start();
        JarServer server =
            JarServer.start(folder, receiver.setting(), "logging.structured.format.console=ecs")) {
      server.sample().buildOk();
      Wait.until("the run's span has come", () -> !receiver.named("ingot.run").isEmpty());

      List<JsonNode> lines = server.output().lines().map(JSON::readTree).toList();
      JsonNode published =
          lines.stream()
              .filter(line -> line.path("message").asString().contains("published version 1"))
              .findFirst()
              .orElseThrow();
      assertThat(published.at("/log/level").asString()).isEqualTo("INFO");
      assertThat(published.at("/service/name").asString()).isEqualTo("ingot");
      // So that a line leads to its trace.
      assertThat(receiver.named("ingot.run").stream().map(SpanReceiver::traceId))
          .contains(published.path("traceId").asString());
    }
  }
}
