package dev.ingot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.JarServer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.Readme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs what the README tells people to type, and sees what the README says they will see. */
class ReadmeIT {

  private static final String PORT = "localhost:4000";

  @TempDir Path folder;

  @Test
  void theWalkShowsWhatTheReadmeShows() throws IOException, InterruptedException {
    List<Readme.Step> steps = Readme.read().steps();
    assertThat(steps).hasSizeGreaterThan(15);

    try (JarServer server = JarServer.start(folder)) {
      List<String> outputs = run(server, steps.stream().map(Readme.Step::command).toList());

      assertThat(outputs).hasSameSizeAs(steps);
      for (int i = 0; i < steps.size(); i++) {
        assertThat(stable(outputs.get(i)))
            .as(steps.get(i).command())
            .isEqualTo(stable(steps.get(i).output()));
      }
    }
  }

  @Test
  void thePackageOfTheReadmeIsRegisteredAndBuilt() throws IOException, InterruptedException {
    Readme readme = Readme.read();
    String model = readme.blocks("malloy").getFirst();
    List<String> commands =
        readme.blocks("sh").stream().filter(block -> block.startsWith("curl")).toList();
    PackageFiles.orders(folder.resolve("models/orders"), "").file("orders.malloy", model);

    try (JarServer server = JarServer.start(folder, "ingot.sample=false")) {
      run(server, commands);
      var orders = new PackageApi(server.client(), "/api/v0/projects/shop/packages/orders");

      assertThat(PackageApi.target(orders.buildOk(), "main.by_customer").path("rows").asInt())
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

  /** All commands in one shell, so that variables last; a line between them parts the outputs. */
  private List<String> run(JarServer server, List<String> commands)
      throws IOException, InterruptedException {
    String marker = "@@@ next @@@";
    String script =
        String.join("\necho '" + marker + "'\n", commands)
            .replace(PORT, server.url().substring("http://".length()));
    Process shell =
        new ProcessBuilder("bash", "-c", script)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(shell.getInputStream().readAllBytes(), UTF_8);
    shell.waitFor();
    return List.of(output.split(marker + "\n", -1));
  }

  /** What differs from run to run is told by its shape. */
  private static String stable(String output) {
    return output.strip().replaceAll("__[0-9a-f]{12}\\b", "__<generation>");
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
