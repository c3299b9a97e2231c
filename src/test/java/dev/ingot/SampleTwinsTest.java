package dev.ingot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.sample.SampleProject;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.TestBucket;
import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.TestPostgres;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import tools.jackson.databind.JsonNode;

/** The sample with its data elsewhere: the same tables, and the same answers to its questions. */
class SampleTwinsTest {

  private static final Pattern QUERY = Pattern.compile("(?m)^query: (\\w+) is");
  private static final TestBucket bucket = TestBucket.shared();

  @TempDir static Path folder;
  private static AttachedServer server;
  private static Path sample;

  /** Of the sample on files, by the query's name. */
  private static Map<String, String> answers;

  @BeforeAll
  static void buildTheSample() throws SQLException {
    server = AttachedServer.start(folder.resolve("server"));
    sample = server.bean(SampleProject.class).unpack();
    // A tenth is enough to compare.
    Path all = sample.resolve("data/flights-3m.parquet");
    Path some = folder.resolve("some.parquet");
    duckdb(
        "COPY (FROM '%s' WHERE hash(date, origin, destination) %% 10 = 0) TO '%s'"
            .formatted(all, some));
    move(some, all);
    answers = answers(twin("files", text -> text));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void duckdb(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void move(Path from, Path to) {
    try {
      Files.delete(to);
      Files.move(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> models() {
    try (Stream<Path> all = Files.list(sample)) {
      return all.filter(file -> file.toString().endsWith(".malloy")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param elsewhere a model's text, with its data elsewhere
   */
  private static PackageApi twin(String name, UnaryOperator<String> elsewhere) {
    PackageFiles files = server.files(name);
    for (Path model : models()) {
      // Of a tenth of the flights, a tenth counts as many.
      String scaled = read(model).replaceAll(">= (\\d+)0\\b", ">= $1");
      files.file(model.getFileName().toString(), elsewhere.apply(scaled));
    }
    if (name.equals("files")) {
      try {
        Path data = Files.createDirectories(files.folder().resolve("data"));
        for (String file : List.of("airports.csv", "flights-3m.parquet")) {
          Files.copy(sample.resolve("data").resolve(file), data.resolve(file));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    PackageApi api = server.register(name);
    JsonNode run = api.buildOk();
    assertThat(run.path("targets")).hasSize(8);
    assertThat(run.path("targets").valueStream().map(one -> one.path("status").asString()))
        .containsOnly("BUILT");
    return api;
  }

  private static Map<String, String> answers(PackageApi api) {
    var all = new TreeMap<String, String>();
    for (Path model : models()) {
      QUERY
          .matcher(read(model))
          .results()
          .map(found -> found.group(1))
          .forEach(query ->
              all.put(
                  query,
                  api.named(model.getFileName().toString(), query)
                      .expect(200)
                      .json()
                      .path("result")
                      .asString()
                      // What PostgreSQL rounds has as many digits as it was asked for.
                      .replaceAll("(:-?\\d+)\\.0([,}])", "$1$2")));
    }
    assertThat(all).hasSizeGreaterThan(10).doesNotContainValue("[]");
    return all;
  }

  @Test
  void inABucket() throws IOException {
    for (String file : List.of("airports.csv", "flights-3m.parquet")) {
      bucket.client().put("sample/" + file, Files.readAllBytes(sample.resolve("data/" + file)));
    }
    server.grant(AttachedServer.s3("lake", "s3://lake/sample/", bucket)).expect(200);

    PackageApi twin = twin("bucket", text -> text.replace("'data/", "'s3://lake/sample/"));

    assertThat(answers(twin)).isEqualTo(answers);
  }

  @Test
  void inPostgres() throws SQLException, IOException {
    TestDatabase database = TestPostgres.database();
    load(
        database,
        "airports",
        "iata text, name text, city text, state text, country text, latitude float8, longitude float8",
        "FROM read_csv('%s')".formatted(sample.resolve("data/airports.csv")));
    load(
        database,
        "flights",
        "date timestamp, delay int, distance int, origin text, destination text",
        "SELECT date, delay, distance, origin, destination FROM '%s'"
            .formatted(sample.resolve("data/flights-3m.parquet")));
    server
        .client()
        .post("/api/v0/projects/p/connections", database.connection("warehouse"))
        .expect(201);

    PackageApi twin = twin("postgres", SampleTwinsTest::forPostgres);

    assertThat(answers(twin)).isEqualTo(answers);
  }

  private static String forPostgres(String model) {
    return model
        .replace("duckdb.table('data/airports.csv')", "warehouse.table('public.airports')")
        .replace("duckdb.table('data/flights-3m.parquet')", "warehouse.table('public.flights')")
        .replace("duckdb.sql", "warehouse.sql")
        .replaceAll(
            "quantile_disc\\((\\w+), ([\\d.]+)\\)",
            "percentile_disc($2) WITHIN GROUP (ORDER BY $1)")
        .replace("INTERVAL 59 MINUTES", "INTERVAL '59 minutes'")
        .replace(
            "departures\n  FROM last_hour\n  QUALIFY row_number() OVER (",
            "departures\n  FROM (SELECT *, row_number() OVER (")
        .replace("ORDER BY departures DESC, departed_at\n  ) = 1", TAIL);
  }

  private static final String TAIL =
      "ORDER BY departures DESC, departed_at\n  ) AS place FROM last_hour) AS ranked WHERE place = 1";

  private static void load(TestDatabase database, String table, String columns, String select)
      throws SQLException, IOException {
    Path csv = folder.resolve(table + ".csv");
    duckdb("COPY (%s) TO '%s' (HEADER false)".formatted(select, csv));
    database.execute("CREATE TABLE public.%s (%s)".formatted(table, columns));
    try (Connection connection = database.connect();
        Reader rows = Files.newBufferedReader(csv)) {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("COPY public.%s FROM STDIN (FORMAT csv)".formatted(table), rows);
    }
  }
}
