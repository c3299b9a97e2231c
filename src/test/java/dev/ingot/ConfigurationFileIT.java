package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Client;
import dev.ingot.testing.Commands;
import dev.ingot.testing.JarServer;
import dev.ingot.testing.Wait;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The file with the packaged server: its signal, its secrets, its command. */
class ConfigurationFileIT {

  private static final String SECRET = "s3cr3t-0a1b2c3d";
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String FILE =
      """
      projects:
        - name: air
          connections:
            - name: warehouse
              type: postgres
              postgresConnection:
                {host: 127.0.0.1, port: 1, databaseName: d, userName: u, password: "${WAREHOUSE_PASSWORD}"}
            - name: duckdb
              type: duckdb
              duckdbConnection:
                attachedDatabases:
                  - name: lake
                    type: s3
                    prefix: s3://lake/orders/
                    s3Connection: {accessKeyId: id, secretAccessKey: "${WAREHOUSE_PASSWORD}", endpoint: "http://127.0.0.1:1"}
          packages:
            - {name: busy, location: "sample:flights"}
      """;

  @TempDir Path folder;

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("ingot.yaml"), text);
  }

  @Test
  void theSignalAppliesTheFileAgainAndNoSecretOfItIsSeen() throws IOException {
    write(FILE);
    try (JarServer server =
        JarServer.start(
            folder, Map.of("WAREHOUSE_PASSWORD", SECRET), List.of(), "ingot.config=ingot.yaml")) {
      Client client = server.client();
      JsonNode air = client.get("/api/v0/projects/air").expect(200).json();
      assertThat(air.at("/packages/0/name").asString()).isEqualTo("busy");
      client.get("/api/v0/projects/demo").expect(404);

      write(FILE + "  - name: more\n");
      hangUp(server);
      Wait.until("it is applied", () -> client.get("/api/v0/projects/more").status() == 200);

      write("projects: [{name: other, password: %s}]".formatted(SECRET));
      hangUp(server);
      Wait.until("it is refused", () -> server.output().contains("what it said before stays"));
      client.get("/api/v0/projects/other").expect(404);
      assertThat(client.delete("/api/v0/projects/more").code()).isEqualTo("read_only");

      assertThat(server.isAlive()).isTrue();
      assertThat(client.get("/api/v0/status").text()).contains("***").doesNotContain(SECRET);
      assertThat(server.output()).contains("Unknown field").doesNotContain(SECRET);
    }
    assertThat(holding(SECRET)).isEmpty();
  }

  private static void hangUp(JarServer server) {
    Commands.run("kill", "-HUP", String.valueOf(server.pid()));
  }

  /** The files of the home that have a text in them. */
  private List<Path> holding(String text) throws IOException {
    byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
    try (Stream<Path> files = Files.walk(folder.resolve(".ingot"))) {
      return files.filter(Files::isRegularFile).filter(file -> has(file, wanted)).toList();
    }
  }

  private static boolean has(Path file, byte[] wanted) {
    try {
      String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
      return bytes.contains(new String(wanted, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Commands.Outcome ingot(String... arguments) {
    var command =
        Stream.concat(
            Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                System.getProperty("ingot.jar")),
            Stream.of(arguments));
    return Commands.tryRun(PATIENCE, command.toArray(String[]::new));
  }

  @Test
  void aFileThatIsWrongAtTheStartEndsItWithAllItsMistakes() throws IOException {
    Path file = write("projects:\n  - nmae: a\n  - {name: b, packages: [{name: c}]}\n");

    Commands.Outcome outcome =
        ingot("--ingot.config=" + file, "--ingot.home=" + folder.resolve("home"));

    assertThat(outcome.exitCode()).hasValue(1);
    assertThat(outcome.said())
        .contains(file.toString(), "did you mean 'name'?", "3:", "Field 'location' is missing")
        .contains("config check")
        .doesNotContain("\tat dev.ingot");
  }

  @Test
  void theCheckStartsNothing() throws IOException {
    Path right = write("projects: [{name: p, packages: [{name: o, location: x}]}]");
    Path wrong = Files.writeString(folder.resolve("wrong.json"), "{\"projects\": 5}");

    Commands.Outcome ok = ingot("config", "check", right.toString());
    Commands.Outcome mistaken = ingot("config", "check", wrong.toString());

    assertThat(ok.exitCode()).as(ok.said()).hasValue(0);
    assertThat(ok.said()).isEqualTo(right + " is right: projects 1, packages 1, connections 0");
    assertThat(mistaken.exitCode()).hasValue(1);
    assertThat(mistaken.said()).startsWith(wrong + ":1:14: /projects: ");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(right, wrong);
    }
  }
}
