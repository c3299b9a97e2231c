package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ingot.testing.Commands;
import dev.ingot.testing.JarServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that openapi-generator makes of {@code api-doc.yaml} compile, and do the main job with a
 * key: {@code src/test/clients} has the same small program for each language.
 */
class GeneratedClientsIT {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String KEY = "0123456789abcdef0123456789abcdef";
  private static final Path PROGRAMS = Path.of("src", "test", "clients").toAbsolutePath();
  private static final Path CONTRACT = Path.of("api-doc.yaml").toAbsolutePath();
  private static final Path TOOLS = Path.of(System.getProperty("ingot.test.client-tools"));
  private static final Path NODE_PACKAGES = Path.of(System.getProperty("ingot.test.node-packages"));
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin");

  @TempDir static Path home;
  @TempDir Path folder;

  private static JarServer server;

  @BeforeAll
  static void start() throws IOException {
    server = JarServer.start(home, "ingot.access.admin-key=" + KEY);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void theJavaClientBuildsAndQueries() throws IOException {
    generate(
        "java",
        folder,
        "library=native",
        "useJakartaEe=true",
        "invokerPackage=dev.ingot.client",
        "apiPackage=dev.ingot.client.api",
        "modelPackage=dev.ingot.client.model");
    String libraries = TOOLS.resolve("java") + File.separator + "*";
    Path classes = folder.resolve("classes");
    Path sources = folder.resolve("sources.txt");
    try (Stream<Path> files = Files.walk(folder.resolve("src/main/java"))) {
      Files.write(
          sources,
          Stream.concat(
                  files.filter(file -> file.toString().endsWith(".java")),
                  Stream.of(PROGRAMS.resolve("BuildAndQuery.java")))
              .map(file -> '"' + file.toString().replace("\\", "\\\\") + '"')
              .toList());
    }
    run(JAVA.resolve("javac"), "-d", classes, "-classpath", libraries, "@" + sources);

    assertThatItDoesTheJob(
        run(
            JAVA.resolve("java"),
            "-classpath",
            classes + File.pathSeparator + libraries,
            "BuildAndQuery",
            server.url(),
            KEY));
  }

  @Test
  void theTypeScriptClientBuildsAndQueries() throws IOException {
    generate("typescript-fetch", folder.resolve("ingot-client"), "importFileExtension=.js");
    Files.writeString(folder.resolve("package.json"), "{\"type\": \"module\"}");
    Path program =
        Files.copy(PROGRAMS.resolve("build-and-query.ts"), folder.resolve("build-and-query.ts"));
    run(
        "node",
        NODE_PACKAGES.resolve("typescript/bin/tsc"),
        "--strict",
        "--target",
        "es2022",
        "--module",
        "nodenext",
        "--types",
        "node",
        "--typeRoots",
        NODE_PACKAGES.resolve("@types"),
        program);

    assertThatItDoesTheJob(run("node", folder.resolve("build-and-query.js"), server.url(), KEY));
  }

  @Test
  void thePythonClientBuildsAndQueries() throws IOException {
    Path packages = TOOLS.resolve("python");
    assumeTrue(Files.isDirectory(packages), "its packages could not be fetched from PyPI");
    generate("python", folder, "packageName=ingot_client");
    run("python3", "-m", "compileall", "-q", folder.resolve("ingot_client"));
    Path program =
        Files.copy(PROGRAMS.resolve("build_and_query.py"), folder.resolve("build_and_query.py"));

    assertThatItDoesTheJob(
        run("env", "PYTHONPATH=" + packages.toRealPath(), "python3", program, server.url(), KEY));
  }

  private static void generate(String language, Path into, String... properties) {
    String said =
        run(
            JAVA.resolve("java"),
            "-XX:TieredStopAtLevel=1",
            "-jar",
            TOOLS.resolve("openapi-generator.jar"),
            "generate",
            "--input-spec",
            CONTRACT,
            "--generator-name",
            language,
            "--output",
            into,
            "--additional-properties=" + String.join(",", properties));
    // It goes on after what it can't make sense of.
    assertThat(said).doesNotContain("ERROR");
  }

  private static void assertThatItDoesTheJob(String printed) {
    assertThat(printed.lines())
        .containsExactly(
            "SUCCESS: 8 built", "read: rush_hours", "manifest: 8 tables", "404: package_not_found");
  }

  /** What it prints; the test fails unless the program ends well. */
  private static String run(Object... command) {
    List<String> words = Arrays.stream(command).map(Object::toString).toList();
    Commands.Outcome outcome = Commands.tryRun(PATIENCE, words.toArray(String[]::new));
    assertThat(outcome.exitCode()).as("%s\n%s", words, outcome.said()).hasValue(0);
    return outcome.said();
  }
}
