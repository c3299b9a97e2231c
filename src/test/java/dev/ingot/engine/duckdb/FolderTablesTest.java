package dev.ingot.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.TableName;
import dev.ingot.engine.duckdb.Lake.TableFile;
import dev.ingot.fault.Fault;
import dev.ingot.project.DataPath;
import dev.ingot.project.Home;
import dev.ingot.project.HomeSettings;
import dev.ingot.project.PackageKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** In a mounted folder, whose name looks like a partition's. */
class FolderTablesTest extends SharedEngineSuite {

  private final FolderLake lake = new FolderLake();

  @Override
  Lake lake() {
    return lake;
  }

  @Override
  SharedFolder shared() {
    var home = new Home(new HomeSettings(folder.resolve("home").toString(), List.of()));
    return new SharedFolder(
        PackageKey.of("p", "orders"),
        new DataPath("file://" + folder.resolve("year=2026")),
        null,
        new DuckDbExtensions(home, new ExtensionSettings(null)));
  }

  @Test
  void theLakeListsWhatTheDeclaredNamesShow() {
    build(TABLE, "SELECT 1 AS one");
    build(new TableName("main", "unused__1"), "SELECT 1 AS one");
    var views = Map.of(new TableName("main", "orders"), TABLE);
    lake.broken = true;

    assertThat(engine.publishViews(views, Set.of(), "p/shop")).isEmpty();
    assertThat(read("SELECT one FROM orders")).isEqualTo("1");

    lake.broken = false;
    engine.publishViews(views, Set.of(), "p/shop");
    engine.publishViews(views, Set.of(), "p/shop");
    assertThat(lake.listed).containsExactly(new TableFile(TABLE, file(TABLE)));
  }

  @Test
  void aDropThatTheLakeRefusesIsTriedAgain() {
    build(TABLE, "SELECT 1 AS one");
    lake.broken = true;
    assertThatThrownBy(() -> engine.drop(TABLE, "mark")).isInstanceOf(Fault.class);

    lake.broken = false;
    engine.drop(TABLE, "mark");

    assertThat(Path.of(file(TABLE))).doesNotExist();
    assertThat(engine.existing(List.of(TABLE))).isEmpty();
  }

  @Test
  void theBeginningOfAFileIsNoTableAndCanBeDropped() throws IOException {
    build(TABLE, "SELECT range AS n FROM range(1000)");
    engine.drop(new TableName("main", "another"), "mark");
    Path file = Path.of(file(TABLE));
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, List.of("PAR1"));
    try (DuckDbEngine other = open(database("two"))) {
      assertThat(other.existing(List.of(TABLE))).isEmpty();
    }
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));

    engine.drop(TABLE, "mark");

    assertThat(file).doesNotExist();
  }

  @Test
  void aTableOfTheTimeBeforeTheProjectWasSharedIsNoFile() {
    execute("CREATE TABLE orders__1 AS SELECT 1 AS one");
    execute("COMMENT ON TABLE orders__1 IS 'ingot generation 1'");

    assertThat(engine.existing(List.of(TABLE))).isEmpty();
    engine.drop(TABLE, "ingot generation 1");

    assertThatThrownBy(() -> read("SELECT one FROM orders__1")).isInstanceOf(EngineException.class);
  }
}
