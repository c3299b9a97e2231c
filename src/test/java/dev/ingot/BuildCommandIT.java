package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Commands;
import dev.ingot.testing.JarServer;
import dev.ingot.testing.Models;
import dev.ingot.testing.PackageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program's {@code build}. */
class BuildCommandIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String KEY = "0123456789abcdef0123456789abcdef";

  @TempDir Path folder;
  private Path orders;

  @BeforeEach
  void write() {
    orders = PackageFiles.orders(folder.resolve("orders"), Models.CHAIN).folder();
  }

  private Commands.Outcome build(String... arguments) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                System.getProperty("ingot.jar"),
                "build",
                orders.toString()));
    command.addAll(List.of(arguments));
    return Commands.tryRun(PATIENCE, command.toArray(String[]::new));
  }

  private Commands.Outcome atHome(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--home", folder.resolve("home").toString()));
    return build(all.toArray(String[]::new));
  }

  private static void check(Commands.Outcome outcome, int code, String... words) {
    assertThat(outcome.exitCode()).as(outcome.said()).hasValue(code);
    assertThat(outcome.said()).contains(words).doesNotContain("\tat dev.ingot");
  }

  @Test
  void aPlanSaysWhatWouldBeBuiltUntilItIs() throws IOException {
    check(atHome("--plan"), 2, "BUILD  base, NEW", "4 to build of 4");
    check(
        atHome("--sources", "middle"), 0, "BUILT     base, ", "BUILT     middle, ", "SUCCESS /api");
    check(atHome("--plan"), 2, "REUSE  base, UNCHANGED", "BUILD  aside, NEW", "1 to build of 4");
    check(atHome(), 0, "REUSED    base", "BUILT     aside, 1 rows");
    check(atHome("--plan"), 0, "0 to build of 4");
    check(atHome("--plan", "--force"), 2, "BUILD  base, FORCED", "4 to build of 4");

    Files.writeString(
        orders.resolve("bad.malloy"), "##! experimental.persistence\nsource: x is nothing_there\n");
    check(atHome("--plan"), 1, "bad.malloy:2:14: error: ");
    check(atHome(), 1, "bad.malloy:2:14: error: ", "FAILED /api");
  }

  @Test
  void aServerBuildsInstead() throws IOException, InterruptedException {
    Path key = Files.writeString(folder.resolve("key"), KEY + "\n");
    try (JarServer server =
        JarServer.start(
            folder,
            "ingot.sample=false",
            "ingot.package-roots=.",
            "ingot.access.admin-key=" + KEY)) {
      String[] there = {
        "--server", server.url(), "--key-file", key.toString(), "--project", "shop",
      };

      check(build(there), 0, "BUILT     top, 1 rows", "SUCCESS /api/v0/projects/shop");
      check(build("--server", server.url()), 1, "Authorization");
      assertThat(
              server
                  .client()
                  .as(KEY)
                  .get("/api/v0/projects/shop/packages/orders/manifest")
                  .expect(200)
                  .json()
                  .path("entries"))
          .hasSize(4);
    }
    check(build("--server", "http://127.0.0.1:1"), 1, "can't be reached");
  }

  @Test
  void whatIsSaidWronglyIsTold() {
    check(build("--nope"), 64, "there is no option --nope", "Usage: java -jar ingot.jar build");
    orders = folder.resolve("none");
    check(build(), 64, "is no folder of a package");
  }
}
