package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Data files as people have them: where they lie, how they are written, and how they are read. */
class DataFilesTest extends MalloyRules {

  private static final String ROWS = "id,v\n1,a\n2,b\n";
  private static final String READ = "[{\"id\":1,\"v\":\"a\"},{\"id\":2,\"v\":\"b\"}]";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "temp.csv",
        "system.csv",
        "package.csv",
        "pg_catalog.csv",
        "information_schema.csv",
        "Temp.CSV",
        "main.csv",
        "a.b.csv",
        "a.b.c.csv",
        "system.csv.gz"
      })
  void aFileInTheRootMayHaveAnyName(String file) throws IOException {
    PackageFiles files = files(model("duckdb.table('%s')".formatted(file)));
    if (file.endsWith(".gz")) {
      gzip(files.folder().resolve(file));
    } else {
      files.file(file, ROWS);
    }

    requireReadLiveAndFromATable();
  }

  private static final String MODELS =
      """
      source: file is duckdb.table('o.csv')
      source: path is duckdb.table('data/o.csv')
      source: glob is duckdb.table('data/*.csv')
      source: call is duckdb.sql("SELECT * FROM read_csv('data/*.csv')")
      #@ persist
      source: kept_file is file -> { select: *; where: id > 0 }
      #@ persist
      source: kept_path is path -> { select: * }
      #@ persist
      source: kept_glob is glob -> { select: * }
      #@ persist
      source: kept_call is call -> { select: * }
      """;

  @ParameterizedTest
  @ValueSource(strings = {"a[1]", "b]x", "c\\d", "e*f?", "year=2026", "a [b] \\c\\ {d}"})
  void aPackageMayLieInAFolderOfAnyName(String folder) {
    String name = nextName();
    PackageFiles.create(server.packageFolder(folder))
        .file("o.csv", ROWS)
        .file("data/o.csv", ROWS)
        .model("m.malloy", MODELS);
    server.client().post("/api/v0/projects", "{\"name\":\"%s\"}".formatted(server.project()));
    String location = server.packageFolder(folder).toString().replace("\\", "\\\\");
    server
        .client()
        .post(
            server.packagesPath(),
            "{\"name\":\"%s\",\"location\":\"%s\"}".formatted(name, location))
        .expect(201);
    var p = new PackageApi(server.client(), server.packagesPath() + "/" + name);

    p.buildOk();

    for (String source : List.of("file", "path", "glob", "call")) {
      assertThat(p.rows("m.malloy", "run: %s%s".formatted(source, ALL))).hasToString(READ);
      assertThat(p.rows("m.malloy", "run: kept_%s%s".formatted(source, ALL))).hasToString(READ);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM read_csv('o.csv')",
        "SELECT * FROM read_csv ( /* the file */ 'data/o.csv', header = true )",
        "FROM READ_CSV_AUTO('./o.csv')",
        "SELECT * FROM read_csv(['o.csv'])",
        "SELECT * FROM read_csv(['none/*.csv', 'o.csv'][2:2])",
        "SELECT * FROM read_csv('data/*.csv', columns = {'id': 'BIGINT', 'v': 'VARCHAR'})",
        "SELECT id, v FROM read_json('o.json')",
        "SELECT id, v FROM read_json_auto('o.json')",
        "SELECT id, v FROM read_ndjson('o.ndjson')",
        "SELECT * FROM read_parquet('o.parquet')",
        "SELECT * FROM read_parquet(['o.parquet'])",
        "SELECT * FROM parquet_scan('*.parquet')",
        "SELECT * FROM './data/o.csv'",
        "SELECT id, v FROM (SELECT *, 'read_csv(''x.csv'')' AS w FROM read_csv('o.csv'))"
      })
  void sqlReadsFilesByTheirRelativeNames(String sql) {
    PackageFiles files = files(model("duckdb.sql(\"%s\")".formatted(sql)));
    files
        .file("o.csv", ROWS)
        .file("data/o.csv", ROWS)
        .file("o.json", "[{\"id\":1,\"v\":\"a\"},{\"id\":2,\"v\":\"b\"}]")
        .file("o.ndjson", "{\"id\":1,\"v\":\"a\"}\n{\"id\":2,\"v\":\"b\"}\n");
    parquet(files.folder().resolve("o.parquet"));

    requireReadLiveAndFromATable();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM read_csv('../secret.csv')",
        "SELECT * FROM read_csv('data/../../secret.csv')",
        "SELECT * FROM read_csv(['o.csv', '../secret.csv'])",
        "SELECT * FROM read_text('../secret.csv')",
        "SELECT * FROM read_csv('~/secret.csv')"
      })
  void sqlReadsNothingOutsideThePackage(String sql) {
    files(model("duckdb.sql(\"%s\")".formatted(sql))).file("o.csv", ROWS);
    PackageFiles.create(server.packageFolder("")).file("secret.csv", "word\nhush\n");
    PackageApi p = server.register("rules-" + packages);

    assertThat(failure(p)).contains("secret.csv").doesNotContain("hush");
  }

  static Stream<Arguments> encodings() {
    return Stream.of(
        arguments(StandardCharsets.ISO_8859_1, "Line: 3"),
        arguments(StandardCharsets.UTF_16, "Line: 1"));
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void aFileThatIsNotUtf8IsSaidToBeThat(Charset encoding, String line) throws IOException {
    for (String source :
        List.of("duckdb.table('o.csv')", "duckdb.sql(\"SELECT * FROM 'o.csv'\")")) {
      PackageFiles files = files(model(source));
      Files.writeString(files.folder().resolve("o.csv"), "id,v\n1,a\n2,\u00e4\n", encoding);
      PackageApi p = server.register("rules-" + packages);

      assertThat(failure(p))
          .contains("'o.csv'", line, "not utf-8 encoded", "encoding=")
          .doesNotContain("no readable data file", "delimiter", files.folder().toString());
    }
  }

  @Test
  void aFileIsReadInTheEncodingThatTheModelNames() throws IOException {
    PackageFiles files =
        files(model("duckdb.sql(\"SELECT * FROM read_csv('o.csv', encoding='latin-1')\")"));
    Files.writeString(
        files.folder().resolve("o.csv"), "id,v\n1,\u00e4\n", StandardCharsets.ISO_8859_1);
    PackageApi p = server.register("rules-" + packages);

    assertThat(p.rows("m.malloy", "run: t" + ALL)).hasToString("[{\"id\":1,\"v\":\"\u00e4\"}]");
  }

  @Test
  void aByteOrderMarkIsPassedOver() {
    PackageFiles.create(server.packageFolder(nextName()))
        .file("publisher.json", "\uFEFF{\"name\":\"m\",\"description\":\"marked\"}")
        .file("m.malloy", "\uFEFF" + PackageFiles.PERSISTENCE + model("duckdb.table('o.csv')"))
        .file("n.malloy", "\uFEFFimport 'm.malloy'\nsource: u is nothing")
        .file("o.csv", "\uFEFF" + ROWS);
    PackageApi p = server.register("rules-" + packages);

    assertThat(server.client().get(p.path()).json().path("description").asString())
        .isEqualTo("marked");
    JsonNode problem = p.build().path("problems").get(0);
    assertThat(problem.path("line").asInt()).isEqualTo(2);
    assertThat(problem.path("column").asInt()).isEqualTo(14);
    assertThat(p.rows("m.malloy", "run: t" + ALL)).hasToString(READ);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "duckdb.table('https://example.org/o.csv')",
        "duckdb.table('s3://bucket/o.parquet')",
        "duckdb.table('gs://bucket/*.parquet')",
        "duckdb.sql(\"SELECT * FROM 'https://example.org/o.csv'\")",
        "duckdb.sql(\"SELECT * FROM read_parquet('s3://bucket/o.parquet')\")",
        "duckdb.sql(\"SELECT * FROM read_csv('hf://datasets/o.csv')\")"
      })
  void remoteDataIsSaidToNeedAGrant(String source) {
    files(model(source));
    PackageApi p = server.register("rules-" + packages);

    assertThat(failure(p)).contains("nothing is granted", "attached database", "://");
  }

  @Test
  void aFileThatIsNotThereIsSaidToBeMissing() {
    files(model("duckdb.table('data/none.csv')"));
    PackageApi p = server.register("rules-" + packages);

    assertThat(failure(p))
        .contains("no readable data file 'data/none.csv'", "relative to the package's folder");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PIVOT 'o.csv' ON v USING sum(id)",
        "FROM (PIVOT (SELECT v, id FROM 'o.csv') ON v USING sum(id))",
        "WITH o AS (FROM read_csv('o.csv')) SELECT a, b FROM (PIVOT (SELECT v, id FROM o) ON v USING sum(id))",
        "SELECT * FROM (UNPIVOT (SELECT 1 AS a, 2 AS b) ON COLUMNS(*) INTO NAME v VALUE id) WHERE false"
      })
  void aPivotIsBuilt(String sql) {
    files(model("duckdb.sql(\"\"\"%s\"\"\")".formatted(sql))).file("o.csv", ROWS);
    PackageApi p = server.register("rules-" + packages);
    String live = p.rows("m.malloy", "run: t -> { select: * }").toString();

    p.buildOk();

    Answer answer = p.query("m.malloy", "run: kept -> { select: * }").expect(200);
    assertThat(answer.rows()).hasToString(live);
    assertThat(answer.json().path("materialized")).hasSize(1);
  }

  private static PackageFiles files(String model) {
    return PackageFiles.create(server.packageFolder(nextName())).model("m.malloy", model);
  }

  private static String model(String source) {
    return """
    source: t is %s
    #@ persist
    source: kept is t -> { select: * }
    """
        .formatted(source);
  }

  private static void requireReadLiveAndFromATable() {
    PackageApi p = server.register("rules-" + packages);
    assertThat(p.rows("m.malloy", "run: t" + ALL)).hasToString(READ);

    p.buildOk();

    Answer answer = p.query("m.malloy", "run: kept" + ALL).expect(200);
    assertThat(answer.rows()).hasToString(READ);
    assertThat(answer.json().path("live")).isEmpty();
  }

  /** Of the first problem of a build. */
  private static String failure(PackageApi p) {
    return p.build().path("problems").get(0).path("message").asString();
  }

  private static void gzip(Path file) throws IOException {
    try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(ROWS.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void parquet(Path file) {
    try (var connection = DriverManager.getConnection("jdbc:duckdb:");
        var statement = connection.createStatement()) {
      statement.execute(
          "COPY (FROM (VALUES (1, 'a'), (2, 'b')) AS o(id, v)) TO '%s'".formatted(file));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
