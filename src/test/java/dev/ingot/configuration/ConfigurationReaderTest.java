package dev.ingot.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.configuration.Declared.DeclaredPackage;
import dev.ingot.configuration.Declared.DeclaredProject;
import dev.ingot.project.AttachedDatabase;
import dev.ingot.project.ConnectionKey;
import dev.ingot.project.DuckDbGrants;
import dev.ingot.project.MaterializationStorage;
import dev.ingot.project.PackageKey;
import dev.ingot.project.PostgresSettings;
import dev.ingot.project.ProjectName;
import dev.ingot.testing.Readme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from files that are right. {@link ConfigurationMistakesTest} has the others. */
class ConfigurationReaderTest {

  private static final String JSON =
      """
      {"frozenConfig": true, "projects": [
        {"name": "shop",
         "materializationStorage": {"catalogUrl": "postgres://u:${PASSWORD}@db/ingot", "dataPath": "s3://lake/shop",
           "bucket": {"accessKeyId": "id", "secretAccessKey": "${PASSWORD}", "endpoint": "s3.example:9000"}},
         "connections": [
           {"name": "warehouse", "type": "postgres",
            "postgresConnection": {"host": "db.example", "port": 5433, "databaseName": "shop", "userName": "ingot",
              "password": "${PASSWORD}", "schema": "mart"}},
           {"name": "duckdb", "type": "duckdb",
            "duckdbConnection": {"attachedDatabases": [
              {"name": "files", "type": "https", "prefix": "https://data.example/open/"}]}}],
         "packages": [
           {"name": "orders", "location": "./models/orders", "description": "Orders", "strict": true},
           {"name": "flights", "location": "sample:flights"}]},
        {"name": "empty"}]}
      """;

  private static final String YAML =
      """
      # The same.
      frozenConfig: true
      projects:
        - name: shop
          materializationStorage:
            catalogUrl: postgres://u:${PASSWORD}@db/ingot
            dataPath: s3://lake/shop
            bucket: {accessKeyId: id, secretAccessKey: "${PASSWORD}", endpoint: 's3.example:9000'}
          connections:
            - name: warehouse
              type: postgres
              postgresConnection:
                host: db.example
                port: 5433
                databaseName: shop
                userName: ingot
                password: ${PASSWORD}
                schema: mart
            - name: duckdb
              type: duckdb
              duckdbConnection:
                attachedDatabases:
                  - {name: files, type: https, prefix: "https://data.example/open/"}
          packages:
            - {name: orders, location: ./models/orders, description: Orders, strict: true}
            - {name: flights, location: "sample:flights"}
        - name: empty
      """;

  @TempDir Path folder;

  private Declared right(String name, String text, Map<String, String> environment)
      throws IOException {
    Reading reading =
        ConfigurationReader.read(Files.writeString(folder.resolve(name), text), environment);
    return switch (reading) {
      case Reading.Right right -> right.declared();
      case Reading.Wrong wrong -> throw new AssertionError(wrong.text());
    };
  }

  /** The password of the only connection of the only project. */
  private String password(String text, Map<String, String> environment) throws IOException {
    String file =
        """
        projects:
          - name: p
            connections:
              - name: c
                type: postgres
                postgresConnection: {host: h, databaseName: d, userName: u, password: '%s'}
        """
            .formatted(text);
    return postgres(right("one.yaml", file, environment), "p", "c").password();
  }

  private static PostgresSettings postgres(Declared declared, String project, String name) {
    var key = new ConnectionKey(new ProjectName(project), name);
    DeclaredProject of = declared.find(key.project()).orElseThrow();
    return (PostgresSettings) Objects.requireNonNull(of.connections().get(key));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ingot.json", "ingot.yaml", "ingot.yml", "INGOT.JSON", "configuration"})
  void aFileSaysProjectsAsRequestsDo(String name) throws IOException {
    Declared declared =
        right(name, name.endsWith("ml") ? YAML : JSON, Map.of("PASSWORD", "s3cr3t", "OTHER", "no"));

    assertThat(declared.frozen()).isTrue();
    DeclaredProject shop = declared.find(new ProjectName("shop")).orElseThrow();
    MaterializationStorage storage =
        Objects.requireNonNull(Objects.requireNonNull(shop.storage()).storage());
    assertThat(storage.catalog().password()).isEqualTo("s3cr3t");
    assertThat(storage.data().text()).isEqualTo("s3://lake/shop");
    assertThat(Objects.requireNonNull(storage.bucket()).secretAccessKey()).isEqualTo("s3cr3t");
    PostgresSettings warehouse = postgres(declared, "shop", "warehouse");
    assertThat(warehouse.toString()).isEqualTo("ingot@db.example:5433/shop");
    assertThat(warehouse.password()).isEqualTo("s3cr3t");
    assertThat(warehouse.schema()).isEqualTo("mart");
    assertThat(shop.connections().values().stream().filter(DuckDbGrants.class::isInstance))
        .singleElement()
        .satisfies(grants ->
            assertThat(((DuckDbGrants) grants).attachedDatabases())
                .extracting(AttachedDatabase::prefix)
                .containsExactly("https://data.example/open/"));
    assertThat(shop.packages())
        .containsExactly(
            new DeclaredPackage(
                PackageKey.of("shop", "orders"), folder + "/models/orders", "Orders", true),
            new DeclaredPackage(PackageKey.of("shop", "flights"), "sample:flights", null, false));
    DeclaredProject empty = declared.find(new ProjectName("empty")).orElseThrow();
    assertThat(empty.storage()).isNull();
    assertThat(empty.connections()).isEmpty();
    assertThat(empty.packages()).isEmpty();
    assertThat(declared.toString()).doesNotContain("s3cr3t");
    assertThat(declared.summary()).isEqualTo("projects 2, packages 2, connections 2; frozen");
  }

  @Test
  void aStorageThatIsNullIsSwitchedOff() throws IOException {
    Declared declared =
        right(
            "a.json",
            "{\"projects\": [{\"name\": \"p\", \"materializationStorage\": null}]}",
            Map.of());

    assertThat(declared.namesStorage(new ProjectName("p"))).isTrue();
    assertThat(Objects.requireNonNull(declared.projects().getFirst().storage()).storage()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "${A}             | one",
        "${A}${B_2}       | onetwo",
        "-${A}-${A}-      | -one-one-",
        "$${A}            | ${A}",
        "$$${A}           | $${A}",
        "a$b$$c$          | a$b$$c$",
        "{A}              | {A}",
        "${NONE:-other}   | other",
        "${NONE:-}x       | x",
        "${EMPTY:-other}  | other",
        "${EMPTY}x        | x",
        "${A:-other}      | one",
        "${LOOKS_LIKE}    | ${A}$1\\",
      })
  void variablesOfTheEnvironmentArePutIntoTexts(String text, String password) throws IOException {
    Map<String, String> environment =
        Map.of("A", "one", "B_2", "two", "EMPTY", "", "LOOKS_LIKE", "${A}$1\\");

    assertThat(password(text, environment)).isEqualTo(password);
  }

  @Test
  void aVariableMayBeTheNumberOrTheTruthThatIsWanted() throws IOException {
    String file =
        """
        frozenConfig: ${FROZEN}
        projects:
          - name: p
            connections:
              - name: c
                type: postgres
                postgresConnection: {host: h, port: "${PORT}", databaseName: d, userName: u, password: "${PORT}"}
        """;

    Declared declared = right("a.yaml", file, Map.of("FROZEN", "true", "PORT", "6543"));

    assertThat(declared.frozen()).isTrue();
    assertThat(postgres(declared, "p", "c").port()).isEqualTo(6543);
    assertThat(postgres(declared, "p", "c").password()).isEqualTo("6543");
  }

  @Test
  void aRelativeLocationBeginsAtTheFilesFolderAndKeepsItsDots() throws IOException {
    String file =
        """
        projects:
          - name: p
            packages:
              - {name: a, location: a}
              - {name: b, location: ./x/./b}
              - {name: c, location: ../c}
              - {name: d, location: /elsewhere/d}
        """;

    assertThat(right("a.yaml", file, Map.of()).projects().getFirst().packages())
        .extracting(DeclaredPackage::location)
        .containsExactly(folder + "/a", folder + "/x/b", folder + "/../c", "/elsewhere/d");
  }

  @Test
  void whatYamlLeavesEmptyIsNull() throws IOException {
    String file =
        """
        frozenConfig:
        projects:
          - name: p
            packages:
            connections:
            materializationStorage:
        """;

    Declared declared = right("a.yaml", file, Map.of());

    assertThat(declared.projects().getFirst().packages()).isEmpty();
    assertThat(declared.namesStorage(new ProjectName("p"))).isTrue();
    assertThat(password("", Map.of())).isEmpty();
  }

  @Test
  void theReadmesExampleIsRight() throws IOException {
    String example = Readme.read().blocks("yaml").getFirst();

    Declared declared =
        right("a.yaml", example, Map.of("CATALOG_PASSWORD", "a", "WAREHOUSE_PASSWORD", "b"));

    assertThat(declared.summary()).isEqualTo("projects 1, packages 1, connections 1");
  }

  @Test
  void aByteOrderMarkIsNoMistake() throws IOException {
    assertThat(right("a.json", "\uFEFF{\"projects\": []}", Map.of()).projects()).isEmpty();
  }

  @Test
  void theUpstreamSystemsFileIsReadAsItIsAndWhatIngotHasNotIsLeftOut() throws IOException {
    String file =
        """
        {"frozenConfig": false, "theme": {"dark": true},
         "environments": [
          {"name": "samples", "readme": "Hello",
           "packages": [
            {"name": "orders", "location": "./examples/orders"},
            {"name": "far", "location": "https://user:s3cr3t@github.com/someone/models/tree/main/far"},
            {"name": "near", "location": "git@github.com:someone/models.git"},
            {"name": "lake", "location": "s3://bucket/models"}],
           "connections": [
            {"name": "big", "type": "bigquery", "bigqueryConnection": {"serviceAccountKeyJson": "s3cr3t"}},
            {"name": "duck", "type": "duckdb", "duckdbConnection": {"attachedDatabases": [
              {"name": "snow", "type": "snowflake", "snowflakeConnection": {"password": "s3cr3t"}}]}},
            {"name": "pg", "type": "postgres", "resource": "x",
             "postgresConnection": {"connectionString": "postgres://u:p@h/d"}}]}]}
        """;
    Path path = Files.writeString(folder.resolve("publisher.config.json"), file);

    var right = (Reading.Right) ConfigurationReader.read(path, Map.of());

    DeclaredProject samples = right.declared().projects().getFirst();
    assertThat(samples.packages())
        .extracting(DeclaredPackage::location)
        .containsExactly(folder + "/examples/orders");
    assertThat(samples.connections().keySet())
        .containsExactly(new ConnectionKey(samples.name(), "pg"));
    List<String> leftOut = right.leftOut().stream().map(Mistake::text).toList();
    assertThat(leftOut)
        .anyMatch(text -> text.startsWith("1:") && text.contains("'theme'"))
        .anyMatch(text -> text.contains("/projects/0/readme"))
        .anyMatch(
            text -> text.startsWith("6:") && text.contains("'far'") && text.contains("remote"))
        .anyMatch(text -> text.contains("'near'"))
        .anyMatch(text -> text.contains("'lake'"))
        .anyMatch(text ->
            text.contains("/projects/0/connections/0: There are no connections of this type"))
        .anyMatch(
            text -> text.contains("/projects/0/connections/1: ") && text.contains("'snowflake'"))
        .anyMatch(text -> text.contains("/projects/0/connections/2/resource"))
        .noneMatch(text -> text.contains("s3cr3t"));
  }

  @Test
  void anOlderFileOfTheUpstreamSystemHasProjects() throws IOException {
    Path path =
        Files.writeString(
            folder.resolve("publisher.config.json"),
            "{\"frozenConfig\": true, \"projects\": [{\"name\": \"${NAME}\", \"packages\": [], \"connections\": []}]}");

    var right = (Reading.Right) ConfigurationReader.read(path, Map.of("NAME", "samples"));

    assertThat(right.declared().names(new ProjectName("samples"))).isTrue();
    assertThat(right.declared().frozen()).isTrue();
    assertThat(right.leftOut()).isEmpty();
  }
}
