package dev.ingot.configuration;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of files that can't be taken: all at once, each with its place and its mend. */
class ConfigurationMistakesTest {

  private static final Map<String, String> ENVIRONMENT = Map.of("SECRET", "s3cr3t");

  @TempDir Path folder;

  private List<String> mistakes(Path file) {
    return switch (ConfigurationReader.read(file, ENVIRONMENT)) {
      case Reading.Right right -> throw new AssertionError(right.declared().summary());
      case Reading.Wrong wrong -> wrong.mistakes().stream().map(Mistake::text).toList();
    };
  }

  private List<String> mistakes(String name, String text) throws IOException {
    return mistakes(Files.writeString(folder.resolve(name), text));
  }

  @Test
  void allMistakesAreToldAtOnceInTheOrderOfTheText() throws IOException {
    String file =
        """
        frozenConfig: "yes"
        theme: dark
        projects:
          - name: a/b
            packages:
              - {nmae: x, location: y}
              - {name: orders, location: "https://u:s3cr3t@github.com/x/y"}
              - {name: orders, location: ""}
              - 7
              -
          - name: shop
            connections:
              - {name: c, type: postgress, postgresConnection: {}}
              - {name: d, type: postgres, postgresConnection: {host: h, port: many, pasword: s3cr3t}}
              - {name: DuckDB, type: postgres, postgresConnection: {connectionString: "postgres://u:s3cr3t@h/d"}}
              - {name: e, type: postgres, postgresConnection: {connectionString: "postgres://u:${MISSING}@h/d"}}
              - {name: f, type: postgres, postgresConnection: {host: h, databaseName: d, userName: u, password: "***"}}
            materializationStorage: {catalogUrl: "postgres://u:s3cr3t@h", dataPath: x}
          - name: shop
          -
        """;

    List<String> told = mistakes("ingot.yaml", file);

    assertThat(told)
        .containsSubsequence(
            "1:15: /frozenConfig: Field 'frozenConfig' has the wrong type: expected boolean",
            "2:8: /theme: Unknown field 'theme' (known: frozenConfig, projects)",
            "6:16: /projects/0/packages/0/nmae: Unknown field 'projects.[0].packages.[0].nmae'; did you mean 'name'? (known: description, location, name, strict)");
    assertThat(told)
        .anyMatch(
            text -> text.startsWith("4:11: /projects/0/name: Project name 'a/b' is not valid"))
        .anyMatch(text -> text.startsWith("6:9: /projects/0/packages/0: Field 'name' is missing"))
        .anyMatch(text -> text.startsWith("7:9: ") && text.contains("'orders' is remote"))
        .anyMatch(text -> text.startsWith("8:9: ") && text.contains("'location' is empty"))
        .anyMatch(text ->
            text.startsWith(
                "9:9: /projects/0/packages/3: Field 'projects.[0].packages.[3]' has the wrong type"))
        .anyMatch(text -> text.contains("/projects/0/packages/4: A package is an object, not null"))
        .anyMatch(
            text -> text.startsWith("13:9: ") && text.contains("only of types postgres and duckdb"))
        .anyMatch(text ->
            text.startsWith("14:") && text.contains("/port: ") && text.contains("expected integer"))
        .anyMatch(text -> text.startsWith("14:") && text.contains("did you mean 'password'?"))
        .anyMatch(text -> text.startsWith("15:9: ") && text.contains("choose another name"))
        .anyMatch(text ->
            text.startsWith("16:")
                && text.contains("connectionString: the environment has no variable 'MISSING'"))
        .anyMatch(text -> text.startsWith("17:9: ") && text.contains("is not known"))
        .anyMatch(text -> text.startsWith("18:29: /projects/1/materializationStorage: "))
        .anyMatch(text -> text.startsWith("19:5: /projects/2: Two projects have the name 'shop'"))
        .anyMatch(text -> text.contains("/projects/3: A project is an object, not null"))
        .noneMatch(text -> text.contains("s3cr3t"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "connections: [{name: a, type: duckdb}, {name: a, type: duckdb}] | /projects/0/connections/1: Two connections have the name 'a'",
        "packages: [{name: a, location: x}, {name: a, location: y}] | /projects/0/packages/1: Two packages have the name 'a'",
        "connections: [{type: postgres}] | Field 'name' is missing",
        "connections: [{name: a}] | Field 'type' is missing",
        "packages: [{name: a}] | Field 'location' is missing",
        "packages: {} | /projects/0/packages: Field 'projects.[0].packages' has the wrong type: expected a list",
        "packages: [[]] | Field 'projects.[0].packages.[0]' has the wrong type: expected an object",
        "name: q | /projects/0/name: 'name' stands here twice",
        "packages: [{name: 5, location: x}] | /name: Field 'projects.[0].packages.[0].name' has the wrong type: expected string",
        "packages: [{name: a, location: '${'}] | /location: after '${' comes the name of a variable",
        "packages: [{name: a, location: '${1}'}] | /location: after '${' comes the name of a variable",
        "packages: [{name: a, location: '${SECRET:other}'}] | /location: after '${' comes the name of a variable",
        "packages: [{name: a, location: '${}'}] | /location: after '${' comes the name of a variable",
        "packages: [{name: a, location: x, strict: '${SECRET}'}] | /strict: Field 'projects.[0].packages.[0].strict' has the wrong type: expected boolean",
        "materializationStorage: {dataPath: 's3://b/c'} | Field 'materializationStorage.catalogUrl' is missing",
        "materializationStorage: 5 | /materializationStorage: Field 'projects.[0].materializationStorage' has the wrong type",
        "packages: &all [] | ",
        "packages: *all | /projects/0/packages: aliases of YAML are not read",
        "packages: !!binary aGVsbG8= | /projects/0/packages",
      })
  void aProjectIsReadAsStrictlyAsARequest(String field, String mistake) throws IOException {
    String file = "x: &all []\nprojects:\n  - name: p\n    %s\n".formatted(field);

    assertThat(mistakes("ingot.yaml", file))
        .anyMatch(text -> text.contains(mistake == null ? "Unknown field 'x'" : mistake))
        .noneMatch(text -> text.contains("s3cr3t"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "a.json | ~~ | the file is empty",
        "a.yaml | ~~ | the file is empty",
        "a.yaml | ~# nothing~ | the file is empty",
        "a.json | [] | 1:1: the file must be one object",
        "a.json | null | 1:1: the file must be one object",
        "a.yaml | just text | 1:1: the file must be one object",
        "a.json | {} | 1:1: /projects: Field 'projects' is missing",
        "a.json | {\"projects\": s3cr3t} | 1:14: this is not JSON",
        "a.json | {\"projects\": [] | this is not JSON",
        "a.json | {\"projects\": []} {} | 1:18: there is something after the end",
        "a.yaml | ~projects: []\n---\nprojects: []\n~ | there is something after the end",
        "a.yaml | ~projects: [\"s3cr3t~ | this is not YAML",
        "a.yaml | ~projects:\n\t- s3cr3t~ | this is not YAML",
        "a.yaml | ~projects: []\n? [a]\n: b~ | this is not YAML",
        "a.json | {\"projects\": [], \"projects\": []} | /projects: 'projects' stands here twice",
        "a.json | {\"projects\": null} | Field 'projects' is missing",
        "a.json | {\"projects\": [], \"frozenConfig\": 1e999999999} | expected boolean",
        "a.json | {\"projects\": [], \"a/b~c\": 1} | /a~1b~0c: Unknown field",
      })
  void whatIsNoSuchObjectIsToldWithItsPlace(String name, String text, String mistake)
      throws IOException {
    assertThat(mistakes(name, text.replace("\\n", "\n").replace("\\t", "\t")))
        .anyMatch(told -> told.contains(mistake))
        .noneMatch(told -> told.contains("s3cr3t"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.json", "a.yaml"})
  void whatIsNestedTooDeepIsRefused(String name) throws IOException {
    String file = "{\"projects\": %s%s}".formatted("[".repeat(200_000), "]".repeat(200_000));

    assertThat(mistakes(name, file))
        .singleElement()
        .asString()
        .contains("nested more than 32 deep");
  }

  @Test
  void moreThanAHundredMistakesAreNotTold() throws IOException {
    String packages = "{\"x\": 1},".repeat(5_000);
    String file = "{\"projects\": [{\"name\": \"p\", \"packages\": [%s{}]}]}".formatted(packages);

    assertThat(mistakes("a.json", file)).hasSize(100);
    assertThat(mistakes("publisher.config.json", file)).hasSize(100);
  }

  @Test
  void whatIsNoFileIsNamedAsSuch() throws IOException {
    Path pipe = folder.resolve("pipe");
    Commands.run("mkfifo", pipe.toString());

    assertThat(mistakes(folder.resolve("none.yaml"))).containsExactly("the file does not exist");
    assertThat(mistakes(folder)).containsExactly("the file is a folder: name the file in it");
    assertThat(mistakes(pipe))
        .containsExactly("the file is not a file that can be read again and again");
    assertThat(mistakes("large.yaml", "#".repeat((1 << 20) + 1)))
        .containsExactly("the file is larger than 1048576 bytes");
    Path latin = Files.write(folder.resolve("latin.yaml"), "name: caf\u00e9".getBytes(ISO_8859_1));
    assertThat(mistakes(latin)).containsExactly("the file is not text in UTF-8");
  }

  @Test
  void aFileThatIsNotTheUpstreamSystemsHasNothingLeftOut() throws IOException {
    assertThat(mistakes("publisher.config.yaml", "environments: []"))
        .contains(
            "1:15: /environments: Unknown field 'environments' (known: frozenConfig, projects)");
  }

  @Test
  void aMistakeInTheUpstreamSystemsFileIsStillOne() throws IOException {
    String file = "{\"environments\": [{\"name\": \"p\", \"packages\": [{\"location\": \"x\"}]}]}";

    assertThat(mistakes("publisher.config.json", file))
        .containsExactly("1:46: /projects/0/packages/0: Field 'name' is missing");
  }
}
