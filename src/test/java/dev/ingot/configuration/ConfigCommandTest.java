package dev.ingot.configuration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code config check} prints, and its exit code. */
class ConfigCommandTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir Path folder;

  private int run(String... arguments) {
    return ConfigCommand.run(
        List.of(arguments),
        Map.of("SECRET", "s3cr3t"),
        new PrintStream(out, true, UTF_8),
        new PrintStream(err, true, UTF_8));
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void aFileThatIsRightIsToldWithWhatItHolds() throws IOException {
    String file = file("a.yaml", "projects: [{name: p, packages: [{name: o, location: x}]}]");

    assertThat(run("config", "check", file)).isZero();
    assertThat(out.toString(UTF_8))
        .isEqualTo(file + " is right: projects 1, packages 1, connections 0\n");
    assertThat(err.toString(UTF_8)).isEmpty();
    assertThat(folder).isDirectoryNotContaining(path -> Files.isDirectory(path));
  }

  @Test
  void allMistakesAreToldWithTheirPlaces() throws IOException {
    String file =
        file(
            "a.json",
            """
            {"projects": [{"nmae": "p"},
             {"name": "q", "connections": [{"name": "c", "type": "postgres", "postgresConnection":
               {"connectionString": "postgres://u:${SECRET}@"}}]}]}
            """);

    assertThat(run("config", "check", file)).isEqualTo(1);
    assertThat(out.toString(UTF_8)).isEmpty();
    assertThat(err.toString(UTF_8).lines())
        .hasSize(3)
        .allMatch(line -> line.startsWith(file + ":"))
        .anyMatch(line -> line.contains(":1:24: /projects/0/nmae: ") && line.contains("'name'"))
        .anyMatch(line -> line.contains("/projects/1/connections/0: 'connectionString'"))
        .noneMatch(line -> line.contains("s3cr3t"));
  }

  @Test
  void whatIsLeftOutOfTheUpstreamSystemsFileIsToldAndNoMistake() throws IOException {
    String file =
        file(
            "publisher.config.json",
            "{\"environments\": [{\"name\": \"p\", \"packages\": [{\"name\": \"far\", \"location\": \"gs://b/x\"}]}]}");

    assertThat(run("config", "check", file)).isZero();
    assertThat(out.toString(UTF_8)).contains("projects 1, packages 0");
    assertThat(err.toString(UTF_8)).contains("not acted on: 1:", "'far' is remote");
  }

  @ParameterizedTest
  @ValueSource(strings = {"config", "config check", "config chekc a", "config check a b"})
  void whatIsNoCommandIsAnsweredWithTheUsage(String command) {
    assertThat(ConfigCommand.isMeant(List.of(command.split(" ")))).isTrue();
    assertThat(run(command.split(" "))).isEqualTo(2);
    assertThat(err.toString(UTF_8)).startsWith("Usage: ");
  }

  @Test
  void whatIsNoPathIsNamedAsSuch() {
    assertThat(run("config", "check", "a\0b")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("is not a path");
  }

  @Test
  void otherArgumentsAreTheServers() {
    assertThat(ConfigCommand.isMeant(List.of())).isFalse();
    assertThat(ConfigCommand.isMeant(List.of("--ingot.config=a.yaml"))).isFalse();
  }
}
