package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageDatabase;
import dev.ingot.testing.PackageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * The data files and models that a package is made of, and the tables that it declares, by all the
 * names they may have.
 */
class FilesAndNamesTest extends MalloyRules {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "airports.csv         | code;ABC;",
        "'data/air ports.csv' | code;ABC;",
        "data/airports.json   | [{\"code\":\"ABC\"}]",
        "data/airports.ndjson | {\"code\":\"ABC\"};",
        "data/airports.tsv    | code\tname;ABC\tAlpha;"
      })
  void aDataFileIsReadByTheNameThatTheModelUses(String file, String lines) {
    String name = nextName();
    PackageFiles.create(server.packageFolder(name))
        .file(file.replace("'", ""), lines.replace(';', '\n'))
        .model("m.malloy", countOf(file));
    PackageApi p = server.register(name);

    p.buildOk();

    assertThat(p.rows("m.malloy", "run: counted" + ALL))
        .hasToString("[{\"first\":\"ABC\",\"n\":1}]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"data/*.csv", "data/part?.csv", "'data/part[12].csv'", "*/part*.csv"})
  void aGlobReadsAllFilesThatItMatches(String glob) {
    String name = nextName();
    PackageFiles.create(server.packageFolder(name))
        .file("data/part1.csv", "code\nABC\nDEF\n")
        .file("data/part2.csv", "code\nGHI\n")
        .model("m.malloy", countOf(glob));
    PackageApi p = server.register(name);

    p.buildOk();

    assertThat(p.rows("m.malloy", "run: counted" + ALL))
        .hasToString("[{\"first\":\"ABC\",\"n\":3}]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "duckdb.table('./o.csv')",
        "duckdb.table('data//o.csv')",
        "duckdb.table('data/../o.csv')",
        "duckdb.table('.hidden/o.csv')",
        "duckdb.table('data/*.csv')",
        "duckdb.table('linked/o.csv')",
        "duckdb.sql(\"SELECT * FROM './o.csv'\")",
      })
  void aNameThatIsNotTheFilesOwnStaysWhateverIsReadOfThePackage(String table) throws IOException {
    String name = nextName();
    PackageFiles files =
        PackageFiles.create(server.packageFolder(name))
            .file("o.csv", "code\nABC\n")
            .file("data/o.csv", "code\nABC\n")
            .file(".hidden/o.csv", "code\nABC\n")
            .model("m.malloy", "source: o is " + table);
    Files.createSymbolicLink(files.folder().resolve("linked"), Path.of("data"));
    PackageApi p = server.register(name);
    String first = "[{\"first\":\"ABC\"}]";
    String query = "run: o -> { aggregate: first is code.min() }";
    assertThat(p.rows("m.malloy", query)).hasToString(first);

    files.model("broken.malloy", "source: x is nothing");
    server.client().get(p.path() + "/plan").expect(200);
    assertThat(p.rows("m.malloy", query)).as("after a plan of other content").hasToString(first);
    p.build();
    assertThat(p.build().path("status").asString()).isEqualTo("FAILED");
    assertThat(p.rows("m.malloy", query)).as("after builds that failed").hasToString(first);

    Path o = files.folder().resolve("o.csv");
    Path away = Files.move(o, files.folder().resolve("away"));
    Path data = Files.move(files.folder().resolve("data"), files.folder().resolve("away-too"));
    server.client().get(p.path() + "/plan").expect(200);
    Files.move(away, o);
    Files.move(data, files.folder().resolve("data"));
    assertThat(p.rows("m.malloy", query)).as("after a file was away").hasToString(first);

    Path moved = server.packageFolder(name + "-moved");
    PackageFiles.create(moved)
        .model("m.malloy", "source: o is " + table)
        .file("o.csv", "code\nXYZ\n")
        .file("data/o.csv", "code\nXYZ\n")
        .file(".hidden/o.csv", "code\nXYZ\n");
    Files.createSymbolicLink(moved.resolve("linked"), Path.of("data"));
    server.client().patch(p.path(), "{\"location\":\"%s\"}".formatted(moved)).expect(200);
    assertThat(p.rows("m.malloy", query)).hasToString("[{\"first\":\"XYZ\"}]");
  }

  @Test
  void parquetFilesAreReadByNameAndByGlob() throws SQLException {
    String name = nextName();
    Path data =
        PackageFiles.create(server.packageFolder(name))
            .file("data/readme.txt", "two parts")
            .model(
                "m.malloy",
                countOf("data/a.parquet") + countOf("data/*.parquet").replace("counted", "globbed"))
            .folder()
            .resolve("data");
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement()) {
      statement.execute("COPY (SELECT 'ABC' AS code) TO '%s/a.parquet'".formatted(data));
      statement.execute("COPY (SELECT 'DEF' AS code) TO '%s/b.parquet'".formatted(data));
    }
    PackageApi p = server.register(name);

    p.buildOk();

    assertThat(p.rows("m.malloy", "run: counted" + ALL))
        .hasToString("[{\"first\":\"ABC\",\"n\":1}]");
    assertThat(p.rows("m.malloy", "run: globbed" + ALL))
        .hasToString("[{\"first\":\"ABC\",\"n\":2}]");
  }

  @Test
  void modelsMayLieInFoldersAndHaveSpacesInTheirNames() {
    String name = nextName();
    PackageFiles.orders(server.packageFolder(name), BASE)
        .model(
            "reports/each day/über sicht.malloy",
            """
            import "../../orders.malloy"
            #@ persist
            source: top is by_customer -> { aggregate: most is total.max() }
            query: top_one is top -> { select: * }
            """);
    PackageApi p = server.register(name);
    JsonNode run = p.buildOk();

    String path = "reports/each%20day/%C3%BCber%20sicht.malloy";
    for (String written : List.of(path, path.replace("/", "%2F"))) {
      Answer answer = p.query(written, "run: top" + ALL).expect(200);
      assertThat(answer.rows()).hasToString("[{\"most\":110}]");
      assertThat(sql(answer)).contains(physical(run, "top"));
      assertThat(p.named(written, "top_one").expect(200).rows()).hasSize(1);
      JsonNode model = server.client().get(p.path() + "/models/" + written).expect(200).json();
      assertThat(model.path("path").asString()).isEqualTo("reports/each day/über sicht.malloy");
    }
    assertThat(PackageApi.target(run, "top").path("model").asString())
        .isEqualTo("reports/each day/über sicht.malloy");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // what is written after name= | what reports show | what a person types in SQL
        "\"mart.by_customer\" | mart.by_customer | mart.by_customer",
        "'\"by customer\"' | \"by customer\" | \"by customer\"",
        "'\"The.Mart\".\"by \"\"x\"\"\"' | \"The.Mart\".\"by \"\"x\"\"\" | \"The.Mart\".\"by \"\"x\"\"\"",
        "'\"select\"' | select | \"select\"",
        "'\"日本 (1), a+b\"' | \"日本 (1), a+b\" | \"日本 (1), a+b\"",
        "MixedCase | MixedCase | mixedcase"
      })
  void aTableHasTheSchemaAndTheNameThatAreDeclared(String written, String shown, String typed) {
    PackageApi p = orders(BASE.replace("#@ persist", "#@ persist name=" + written));

    JsonNode run = p.buildOk();

    assertThat(PackageApi.target(run, shown).path("status").asString()).isEqualTo("BUILT");
    Answer answer = p.query("orders.malloy", "run: by_customer" + ALL).expect(200);
    assertThat(answer.rows()).hasToString(BY_CUSTOMER);
    JsonNode read = answer.json().path("materialized").get(0);
    assertThat(read.path("tableName").asString()).isEqualTo(shown);
    String qualified = shown.contains(".") ? shown : "main." + shown;
    assertThat(read.path("declaredTable").asString()).isEqualTo(qualified);
    assertThat(database().awaitRows("SELECT * FROM " + typed + " ORDER BY customer"))
        .containsExactly("ann|30", "bob|70", "cid|110");
  }

  /** The database of the package that was registered last. */
  private static PackageDatabase database() {
    return PackageDatabase.of(server, "rules-" + packages);
  }

  private static String countOf(String file) {
    return """
    #@ persist
    source: counted is duckdb.table("%s") -> {
      aggregate: first is code.min(), n is count()
    }
    """
        .formatted(file);
  }
}
