package dev.ingot.engine.duckdb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.Engine.Owner;
import dev.ingot.engine.EngineColumn;
import dev.ingot.engine.Rows;
import dev.ingot.engine.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DuckDbEngineTest {

  private static final TableName TABLE = new TableName("main", "orders__1");

  @TempDir Path folder;
  private Path packageFolder;
  private DuckDbDatabase database;
  private DuckDbEngine engine;

  @BeforeEach
  void open() throws IOException {
    packageFolder = Files.createDirectories(folder.resolve("package")).toRealPath();
    write(packageFolder.resolve("data/orders.csv"), "id,amount\n1,10\n2,20\n");
    database = database("one", packageFolder);
    engine = new DuckDbEngine(database, packageFolder);
    engine.dataFiles().follow(List.of("data/orders.csv"));
  }

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void aBuiltTableHasItsRowsAndSaysWhoseItIs() throws SQLException {
    long rows =
        engine.build(
            TABLE,
            "SELECT * FROM 'data/orders.csv'",
            new Owner("it's mine", "test"),
            new Cancellation());

    assertThat(rows).isEqualTo(2);
    assertThat(engine.existing(List.of(TABLE))).containsExactly(TABLE);
    assertThat(value("SELECT comment FROM duckdb_tables() WHERE table_name = 'orders__1'"))
        .isEqualTo("it's mine");
    assertThat(value("SELECT sum(amount) FROM " + TABLE.sql())).isEqualTo("30");
  }

  @Test
  void aNameThatCouldNotBeReadFromTheRecordsAgainIsRefused() {
    for (List<String> name : List.of(List.of("mart", ""), List.of("a\u001fb", "orders"))) {
      assertThatThrownBy(() -> engine.resolve(name))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("a part of it is empty or has the control character");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM '%s'",
        "SELECT * FROM read_csv('%s')",
        "SELECT * FROM read_text('%s')",
        "SELECT * FROM glob('%s')",
        "SELECT * FROM '../secret.csv'",
        "SELECT * FROM read_csv('../secret.csv')",
        "SELECT * FROM read_csv('%2$s/../secret.csv')",
        "SELECT * FROM read_csv('%2$s/link.csv')",
        "SELECT * FROM sniff_csv('%s')",
        "SELECT * FROM query('SELECT * FROM read_csv(''%s'')')"
      })
  void aFileOutsideThePackageCantBeRead(String sql) throws IOException {
    Path secret = folder.toRealPath().resolve("secret.csv");
    write(secret, "word\nhush\n");
    String select = sql.formatted(secret, packageFolder);

    assertThatThrownBy(
            () -> engine.build(TABLE, select, new Owner("mark", "test"), new Cancellation()))
        .isInstanceOf(EngineException.class);
    assertThatThrownBy(() -> engine.query(select, new Cancellation(), Rows::next))
        .isInstanceOf(EngineException.class);
    assertThat(engine.existing(List.of(TABLE))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COPY (SELECT 1 AS one) TO '%s/stolen.csv'",
        "EXPORT DATABASE '%s/stolen'",
        "ATTACH '%s/stolen.duckdb' AS stolen",
        "INSTALL httpfs",
        "LOAD '%s/stolen.duckdb_extension'",
        "SET enable_external_access = true",
        "SET GLOBAL allowed_directories = ['/']",
        "RESET lock_configuration",
        "SET TimeZone = 'America/New_York'",
        "PRAGMA memory_limit = '100GB'"
      })
  void whatWouldReachOutOrUndoTheHardeningIsRefused(String sql) throws IOException {
    String statement = sql.formatted(folder.toRealPath());

    assertThatThrownBy(() -> engine.query(statement, new Cancellation(), Rows::next))
        .isInstanceOf(EngineException.class);
    assertThatThrownBy(() -> engine.describeSelect(statement)).isInstanceOf(EngineException.class);

    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "package", "one.duckdb", "one.duckdb.wal", "spill of one.duckdb");
    }
  }

  @Test
  void aRelativeNameIsThePackagesFileEvenIfTheWorkingDirectoryHasOneOfTheSameName()
      throws IOException {
    String name = "target/working-directory/orders.csv";
    Path here = Path.of(name).toAbsolutePath();
    write(here, "id,amount\n9,99\n");
    try {
      write(packageFolder.resolve(name), "id,total\n7,70\n");
      engine.dataFiles().follow(List.of("data/orders.csv", name));

      assertThat(engine.describeTable("'" + name + "'"))
          .containsExactly(new EngineColumn("id", "BIGINT"), new EngineColumn("total", "BIGINT"));
      assertThat(read("SELECT id FROM '%s'".formatted(name))).isEqualTo("7");
      assertThat(read("SELECT id FROM \"%s\"".formatted(name))).isEqualTo("7");
    } finally {
      Files.delete(here);
    }
  }

  @Test
  void aFileThatOnlyTheWorkingDirectoryHasIsNotRead() throws IOException {
    String name = "target/working-directory/only-here.csv";
    Path here = Path.of(name).toAbsolutePath();
    write(here, "id,amount\n9,99\n");
    try {
      assertThatThrownBy(() -> engine.describeTable("'" + name + "'"))
          .isInstanceOf(EngineException.class);
      assertThatThrownBy(() -> read("SELECT id FROM '%s'".formatted(name)))
          .isInstanceOf(EngineException.class);
      assertThatThrownBy(() -> read("SELECT id FROM read_csv('%s')".formatted(name)))
          .isInstanceOf(EngineException.class);
    } finally {
      Files.delete(here);
    }
  }

  @Test
  void anErrorIsWhatDuckDbSaidAndNothingOfTheDrivers() {
    assertThatThrownBy(() -> read("SELECT * FROM nowhere"))
        .isInstanceOf(EngineException.class)
        .hasMessageStartingWith("Catalog Error: Table with name nowhere does not exist");
    assertThatThrownBy(() -> engine.describeTable("nowhere"))
        .hasMessageStartingWith("Catalog Error: Table with name nowhere does not exist");
  }

  @Test
  void dataFilesFollowTheFolder() throws IOException {
    write(packageFolder.resolve("airports.csv"), "code\nABC\n");
    engine.dataFiles().follow(List.of("airports.csv", "data/orders.csv"));
    assertThat(read("SELECT code FROM airports.csv")).isEqualTo("ABC");

    write(packageFolder.resolve("airports.csv"), "name,code\nAlpha,XYZ\n");
    engine.dataFiles().follow(List.of("airports.csv", "data/orders.csv"));
    assertThat(read("SELECT code FROM airports.csv")).isEqualTo("XYZ");

    Files.delete(packageFolder.resolve("airports.csv"));
    engine.dataFiles().follow(List.of("data/orders.csv"));
    assertThatThrownBy(() -> read("SELECT code FROM airports.csv"))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("airports");
    assertThat(read("SELECT max(id) FROM 'data/orders.csv'")).isEqualTo("2");
  }

  @Test
  void twoPackagesDontSeeEachOther() throws IOException {
    Path otherFolder = Files.createDirectories(folder.resolve("other")).toRealPath();
    write(otherFolder.resolve("data/others.csv"), "id\n5\n");
    try (var other = new DuckDbEngine(database("two", otherFolder), otherFolder)) {
      other.dataFiles().follow(List.of("data/others.csv"));
      other.build(
          TABLE, "SELECT * FROM 'data/others.csv'", new Owner("mark", "test"), new Cancellation());

      assertThat(engine.existing(List.of(TABLE))).isEmpty();
      assertThatThrownBy(() -> read("SELECT * FROM 'data/others.csv'"))
          .isInstanceOf(EngineException.class);
      assertThatThrownBy(() -> read("SELECT * FROM '%s/data/others.csv'".formatted(otherFolder)))
          .isInstanceOf(EngineException.class);
      assertThatThrownBy(() -> read("SELECT * FROM two.main.orders__1"))
          .isInstanceOf(EngineException.class);
      assertThatThrownBy(() -> read("SELECT * FROM read_blob('%s/two.duckdb')".formatted(folder)))
          .isInstanceOf(EngineException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders.csv", "data/orders", "a.parquet", "b.JSON", "/etc/passwd"})
  void aNameThatDuckDbWouldOpenAsAFileIsNoTableName(String name) {
    assertThat(engine.objection(engine.resolve(List.of(name)))).isPresent();
  }

  @Test
  void ordinaryNamesAreNotObjectedTo() {
    assertThat(engine.objection(engine.resolve(List.of("orders")))).isEmpty();
    assertThat(engine.objection(engine.resolve(List.of("mart", "by customer")))).isEmpty();
    assertThat(engine.objection(engine.resolve(List.of("airports", "csv")))).isPresent();
    assertThat(engine.objection(engine.resolve(List.of("Information_Schema", "x")))).isPresent();
  }

  @Test
  void aLongNameIsShortenedWithoutCuttingACharacterOrItsSuffix() {
    TableName name = engine.generationName(new TableName("main", "é".repeat(60)), "0123456789ab");

    assertThat(name.name()).endsWith("é__0123456789ab").startsWith("éé");
    assertThat(name.name().getBytes(UTF_8)).hasSizeBetween(62, 63);
  }

  private DuckDbDatabase database(String name, Path readable) throws IOException {
    return TestDatabase.open(folder.resolve(name + ".duckdb"), readable);
  }

  /** The first value that a package's own SQL reads. */
  private String read(String select) {
    return engine.query(
        select,
        new Cancellation(),
        rows -> {
          rows.next();
          return Objects.toString(rows.value(0));
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select * from enable_logging('QueryLog', storage='file', storage_path='/nowhere')",
        "select * from \"ENABLE_LOGGING\" ('QueryLog')",
        "select * from system.main.enable_logging/**/('QueryLog')",
        "select * from query('select ' || '1')",
        "select * from query_table(['a'])",
        "select * from json_execute_serialized_sql('{}')",
        "select * from force_checkpoint()",
        "select * from arrow_scan(1, 2, 3)",
      })
  void functionsThatDoMoreThanSelectAreRefused(String select) {
    assertThatThrownBy(() -> engine.describeSelect(select))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("which a model may not");
    assertThatThrownBy(() -> read(select)).hasMessageContaining("which a model may not");
  }

  /** The first value that the database itself holds. */
  private String value(String sql) {
    return database.use((connection, statement) -> {
      try (ResultSet rows = statement.executeQuery(sql)) {
        rows.next();
        return Objects.toString(rows.getObject(1));
      }
    });
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
