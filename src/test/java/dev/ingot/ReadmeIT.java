package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.DeployFiles;
import dev.ingot.testing.HookReceiver;
import dev.ingot.testing.JarServer;
import dev.ingot.testing.Models;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Readme;
import dev.ingot.testing.ReadmeShell;
import dev.ingot.testing.ServerCertificate;
import dev.ingot.testing.TestBucket;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestExtensions;
import dev.ingot.testing.TestPostgres;
import dev.ingot.testing.Topology;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs what the README tells people to type, and sees what the README says they will see. */
class ReadmeIT {

  @TempDir Path folder;

  @Test
  void theWalkShowsWhatTheReadmeShows() throws IOException, InterruptedException {
    List<Readme.Step> steps = Readme.read().steps("console");
    assertThat(steps).hasSizeGreaterThan(15);

    try (JarServer server = JarServer.start(folder)) {
      shell(server).follow(steps);
    }
  }

  @Test
  void twoWorkersShowWhatTheReadmeShows() throws IOException, InterruptedException {
    List<Readme.Step> steps = Readme.read().steps("console shared");
    assertThat(steps).hasSizeGreaterThan(8);

    try (Topology topology =
        Topology.start(folder, 2, "ingot.access.admin-key=" + DeployFiles.adminKey())) {
      var places =
          Map.of(
              "localhost:4001",
              place(topology.worker(0)),
              "localhost:4002",
              place(topology.worker(1)));
      new ReadmeShell(folder, places).follow(steps);
    }
  }

  @Test
  void dataInPostgresShowsWhatTheReadmeShows() throws IOException, InterruptedException {
    List<Readme.Step> steps = Readme.read().steps("console postgres");
    assertThat(steps).hasSizeGreaterThan(12);
    TestDatabase shop = TestPostgres.database();
    shop.execute(
        """
        CREATE TABLE orders (id int, customer text, amount int);
        INSERT INTO orders VALUES (1, 'ann', 10), (2, 'ann', 20), (3, 'bob', 30), (4, 'cid', 40)
        """);

    try (JarServer server = JarServer.start(folder, "ingot.sample=false")) {
      var places =
          Map.of(
              "localhost:4000",
              place(server),
              "postgres://ingot:secret@localhost:5432/shop",
              shop.url());
      new ReadmeShell(folder, places).follow(steps);
    }
  }

  @Test
  void dataInABucketShowsWhatTheReadmeShows() throws IOException, InterruptedException {
    List<Readme.Step> steps = Readme.read().steps("console bucket");
    assertThat(steps).hasSizeGreaterThan(12);
    TestBucket bucket = TestBucket.shared();
    bucket
        .client()
        .put(
            "orders/1.csv",
            "customer,amount\nann,10\nann,20\nbob,30\n".getBytes(StandardCharsets.UTF_8));

    String[] settings =
        Stream.concat(
                Stream.of("ingot.sample=false", "ingot.duckdb.private-hosts=127.0.0.1"),
                Stream.of(TestExtensions.settings()))
            .toArray(String[]::new);
    try (JarServer server = JarServer.start(folder, settings)) {
      var places =
          Map.of(
              "localhost:4000",
              place(server),
              "localhost:9000",
              bucket.endpoint(),
              "\"ingot\", \"secretAccessKey\": \"secret\"",
              "\"%s\", \"secretAccessKey\": \"%s\"".formatted(bucket.key(), bucket.secret()));
      new ReadmeShell(folder, places).follow(steps);
    }
  }

  @Test
  void aServerOnANetworkShowsWhatTheReadmeShows() throws IOException, InterruptedException {
    Readme readme = Readme.read();
    List<Readme.Step> steps = readme.steps("console network");
    assertThat(steps).hasSizeGreaterThan(5);
    String start = readme.blocks("sh network").getFirst();
    var certificate = ServerCertificate.of(folder, "localhost");
    Files.writeString(folder.resolve("server.crt"), certificate.chain());
    Files.writeString(folder.resolve("server.key"), certificate.key());
    Files.writeString(folder.resolve("root.crt"), certificate.root());
    shell("openssl rand -hex 32 > admin.key");
    assertThat(start).startsWith("openssl rand -hex 32 > admin.key");
    String[] settings =
        Stream.of(start.split("\\s+"))
            .filter(word -> word.startsWith("--"))
            .map(word -> word.substring(2))
            .toArray(String[]::new);
    assertThat(settings).hasSize(5);

    try (JarServer server = JarServer.start(folder, settings)) {
      assertThat(server.url()).startsWith("https://");
      var places =
          Map.of("http://localhost:4000", server.url(), "curl -s", "curl --cacert root.crt -s");
      new ReadmeShell(folder, places).follow(steps);
    }
  }

  @Test
  void theCommandShowsWhatTheReadmeShows() throws IOException, InterruptedException {
    List<Readme.Step> steps = Readme.read().steps("console build");
    assertThat(steps).hasSize(3);
    PackageFiles.orders(folder.resolve("models/orders"), Models.BY_CUSTOMER);
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    var places =
        Map.of("java -jar target/ingot.jar", java + " -jar " + System.getProperty("ingot.jar"));
    new ReadmeShell(folder, places).follow(steps);
  }

  @Test
  void webhooksShowWhatTheReadmeShows() throws IOException, InterruptedException {
    List<Readme.Step> steps = Readme.read().steps("console webhooks");
    assertThat(steps).hasSize(3);

    try (HookReceiver receiver = HookReceiver.on(0);
        JarServer server = JarServer.start(folder, "ingot.webhooks.allowed-hosts=127.0.0.1")) {
      var places =
          Map.of("localhost:4000", place(server), "127.0.0.1:9000", "127.0.0.1:" + receiver.port());
      new ReadmeShell(folder, places).follow(steps);
      Wait.until("it is told", () -> !receiver.heard().isEmpty());
      assertThat(receiver.heard().getFirst().path()).isEqualTo("/builds");
    }
  }

  private void shell(String command) throws IOException, InterruptedException {
    new ReadmeShell(folder, Map.of()).run(List.of(command));
  }

  @Test
  void thePackageOfTheReadmeIsRegisteredAndBuilt() throws IOException, InterruptedException {
    Readme readme = Readme.read();
    String model = readme.blocks("malloy").getFirst();
    List<String> commands =
        readme.blocks("sh").stream().filter(block -> block.startsWith("curl")).toList();
    PackageFiles.orders(folder.resolve("models/orders"), "").file("orders.malloy", model);

    try (JarServer server = JarServer.start(folder, "ingot.sample=false")) {
      shell(server).run(commands);
      var orders = new PackageApi(server.client(), "/api/v0/projects/shop/packages/orders");

      assertThat(PackageApi.target(orders.buildOk(), "by_customer").path("rows").asInt())
          .isEqualTo(3);
    }
  }

  @Test
  void everySettingOfTheReadmeIsOneThatTheServerKnows() throws IOException {
    String sources = sources(Path.of("src/main"));
    Readme.read().settings().stream()
        .filter(setting -> setting.startsWith("ingot."))
        .forEach(setting -> {
          String last = setting.substring(setting.lastIndexOf('.') + 1);
          assertThat(sources)
              .as(setting)
              .containsAnyOf(
                  "${" + setting + ":", " " + camel(last) + ",", " " + camel(last) + ")");
        });
  }

  private ReadmeShell shell(JarServer server) {
    return new ReadmeShell(folder, Map.of("localhost:4000", place(server)));
  }

  private static String place(JarServer server) {
    return server.url().substring("http://".length());
  }

  private static String camel(String kebab) {
    var camel = new StringBuilder();
    for (String part : kebab.split("-", -1)) {
      camel.append(
          camel.isEmpty()
              ? part
              : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1));
    }
    return camel.toString();
  }

  private static String sources(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      var all = new StringBuilder();
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        all.append(Files.readString(file));
      }
      return all.toString();
    }
  }
}
