package dev.ingot.state.lake;

import static dev.ingot.engine.TableName.quote;
import static dev.ingot.engine.duckdb.DuckDbSql.literal;

import dev.ingot.engine.TableName;
import dev.ingot.engine.duckdb.DuckDbSql;
import dev.ingot.engine.duckdb.Lake;
import dev.ingot.project.PackageKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The generations of one shared project as tables of its lake, in a schema for each package.
 *
 * <p>What the lake lists it also deletes, which DuckDB alone can't do in a bucket: a dropped
 * table's files go when no snapshot has them any more. So a file that isn't listed is listed first.
 */
final class LakeFiles implements Lake {

  private final LakeInstance lake;

  LakeFiles(LakeInstance lake) {
    this.lake = lake;
  }

  @Override
  public void register(PackageKey key, Collection<TableFile> files) {
    if (listed(key).containsAll(files.stream().map(LakeFiles::name).toList())) {
      return;
    }
    lake.transact(client -> {
      client.sql("CREATE SCHEMA IF NOT EXISTS " + schema(key)).update();
      Set<String> listed = listed(client, key);
      for (TableFile file : files) {
        if (!listed.contains(name(file))) {
          add(client, key, file);
        }
      }
      return true;
    });
  }

  /** Reads no more of the file than its end. */
  private static void add(JdbcClient client, PackageKey key, TableFile file) {
    client
        .sql(
            "CREATE TABLE %s AS FROM read_parquet(%s, hive_partitioning = false) WITH NO DATA"
                .formatted(table(key, file), literal(file.path())))
        .update();
    client
        .sql(
            "CALL ducklake_add_data_files('%s', %s, %s, schema => %s, hive_partitioning => false)"
                .formatted(
                    LakeInstance.LAKE,
                    literal(name(file)),
                    literal(file.path()),
                    literal(key.toString())))
        .query()
        .listOfRows();
  }

  /**
   * What is still there after its table was dropped was never the lake's: DuckLake lists no file
   * without rows, nor the beginning of one. Then a file that it does list takes its place.
   */
  @Override
  public void delete(PackageKey key, TableFile file) {
    drop(key, file);
    if (isMounted()) {
      deleteMounted(file);
    } else if (isThere(file)) {
      lake.use(client ->
          client
              .sql("COPY (SELECT 1 AS gone) TO %s (FORMAT parquet)".formatted(literal(file.path())))
              .update());
      register(key, List.of(file));
      drop(key, file);
    }
  }

  /**
   * In a transaction of its own: DuckLake 1.0 ends the whole instance when a table is made and
   * dropped in one.
   */
  private void drop(PackageKey key, TableFile file) {
    boolean dropped =
        lake.transact(client -> {
          boolean listed = listed(client, key).contains(name(file));
          if (listed) {
            client.sql("DROP TABLE " + table(key, file)).update();
          }
          return listed;
        });
    if (dropped) {
      cleanUp();
    }
  }

  private void cleanUp() {
    lake.use(client ->
        client
            .sql("CALL ducklake_expire_snapshots('lk', older_than => now())")
            .query()
            .listOfRows());
    lake.use(client ->
        client
            .sql("CALL ducklake_cleanup_old_files('lk', cleanup_all => true)")
            .query()
            .listOfRows());
  }

  private boolean isThere(TableFile file) {
    return lake.use(
        client -> !client.sql(DuckDbSql.lookFor(file.path())).query(String.class).list().isEmpty());
  }

  private boolean isMounted() {
    return !lake.storage().data().isRemote();
  }

  private static void deleteMounted(TableFile file) {
    try {
      Files.deleteIfExists(Path.of(file.path()));
    } catch (IOException e) {
      throw new UncheckedIOException("Can't delete " + file.path(), e);
    }
  }

  private Set<String> listed(PackageKey key) {
    return lake.use(client -> listed(client, key));
  }

  private static Set<String> listed(JdbcClient client, PackageKey key) {
    return new HashSet<>(
        client
            .sql(
                """
                SELECT table_name FROM duckdb_tables()
                WHERE database_name = :lake AND schema_name = :schema
                """)
            .param("lake", LakeInstance.LAKE)
            .param("schema", key.toString())
            .query(String.class)
            .list());
  }

  private static String schema(PackageKey key) {
    return LakeInstance.LAKE + "." + quote(key.toString());
  }

  private static String table(PackageKey key, TableFile file) {
    return schema(key) + "." + quote(name(file));
  }

  /** The schema belongs to it: a lake has none within the package's. */
  private static String name(TableFile file) {
    TableName table = file.table();
    return table.schema() + "." + table.name();
  }
}
