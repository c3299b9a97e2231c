package dev.ingot.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.engine.EngineColumn;
import dev.ingot.testing.PackageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFileViewsTest {

  @TempDir Path folder;

  private PackageFiles files;
  private DuckDbDatabase database;
  private DuckDbEngine engine;

  @BeforeEach
  void open() throws IOException {
    files = PackageFiles.create(folder.resolve("package"));
    database = TestDatabase.open(folder.resolve("package.duckdb"), files.folder());
    engine = new DuckDbEngine(database, files.folder());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aFileThatCantBeReadDoesNotHideTheNextOne() {
    files.file("a.parquet", "this is no parquet").file("b.csv", "id\n1\n");

    engine.dataFiles().follow(List.of("a.parquet", "b.csv"));

    assertThat(engine.describeTable("\"b.csv\"")).containsExactly(new EngineColumn("id", "BIGINT"));
    assertThat(engine.dataFiles().has("a.parquet")).isFalse();
  }

  @Test
  void aFileThatGoesTakesItsNamesWithIt() throws IOException {
    files.file("a.csv", "id\n1\n").file("b.csv", "id\n1\n");
    engine.dataFiles().follow(List.of("a.csv", "b.csv"));
    engine.dataFiles().require("./a.csv");
    engine.dataFiles().require("./b.csv");

    Files.delete(files.folder().resolve("a.csv"));
    engine.dataFiles().follow(List.of("b.csv"));

    assertThat(engine.dataFiles().has("a.csv")).isFalse();
    assertThat(engine.dataFiles().has("./a.csv")).isFalse();
    assertThat(engine.dataFiles().has("./b.csv")).isTrue();
    assertThat(engine.dataFiles().has("b.csv")).isTrue();
  }

  @Test
  void theNamesLastWhenTheDatabaseIsOpenedAgain() throws IOException {
    files.file("data/a.csv", "id\n1\n").file("b.csv", "id\n1\n");
    engine.dataFiles().follow(List.of("data/a.csv", "b.csv"));

    Files.delete(files.folder().resolve("b.csv"));
    var again = new DuckDbEngine(database, files.folder());
    again.dataFiles().follow(List.of("data/a.csv"));

    assertThat(again.dataFiles().has("data/a.csv")).isTrue();
    assertThat(again.dataFiles().has("b.csv")).isFalse();
  }
}
