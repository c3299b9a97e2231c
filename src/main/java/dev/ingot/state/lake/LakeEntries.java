package dev.ingot.state.lake;

import dev.ingot.engine.TableName;
import dev.ingot.project.PackageKey;
import dev.ingot.state.Columns;
import dev.ingot.state.ManyRows;
import dev.ingot.state.VersionEntries;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Entries as rows of the lake, which is a history of them for whoever attaches it. */
final class LakeEntries implements VersionEntries {

  private final LakeInstance lake;
  private final AtomicBoolean made = new AtomicBoolean();

  LakeEntries(LakeInstance lake) {
    this.lake = lake;
  }

  @Override
  public void append(PackageKey key, String content, List<EntryRow> entries) {
    if (entries.isEmpty()) {
      return;
    }
    makeTable();
    lake.transact(client -> {
      // A commit whose answer was lost is done again, and may have been done.
      if (count(client, key, content) == 0) {
        insert(client, key, content, entries);
      }
      return true;
    });
  }

  private static long count(JdbcClient client, PackageKey key, String content) {
    return client
        .sql(
            """
            SELECT count(*) FROM lk.ingot.version_entries
            WHERE project = :project AND package = :package AND content = :content
            """)
        .param("project", key.project().value())
        .param("package", key.name().value())
        .param("content", content)
        .query(Long.class)
        .single();
  }

  private static void insert(
      JdbcClient client, PackageKey key, String content, List<EntryRow> entries) {
    List<List<Object>> rows = EntryRow.columns(key, content, entries);
    ManyRows.insert(client::sql, "INSERT INTO lk.ingot.version_entries", rows, "");
  }

  @Override
  public List<EntryRow> read(PackageKey key, String content) {
    makeTable();
    return lake.use(client ->
        client
            .sql(
                """
                SELECT generation, declared_schema, declared_name, source_names
                FROM lk.ingot.version_entries
                WHERE project = :project AND package = :package AND content = :content
                ORDER BY place
                """)
            .param("project", key.project().value())
            .param("package", key.name().value())
            .param("content", content)
            .query((row, n) ->
                new EntryRow(
                    row.getString("generation"),
                    TableName.stored(
                        row.getString("declared_schema"), row.getString("declared_name")),
                    Columns.values(row.getString("source_names"), String[].class)))
            .list());
  }

  @Override
  public void forget(PackageKey key, Collection<String> contents) {
    if (contents.isEmpty()) {
      return;
    }
    makeTable();
    lake.transact(client ->
        client
            .sql(
                """
                DELETE FROM lk.ingot.version_entries
                WHERE project = :project AND package = :package AND content IN (:contents)
                """)
            .param("project", key.project().value())
            .param("package", key.name().value())
            .param("contents", contents)
            .update());
  }

  @Override
  public Set<String> contents(PackageKey key) {
    makeTable();
    return new HashSet<>(
        lake.use(client ->
            client
                .sql(
                    """
                    SELECT DISTINCT content FROM lk.ingot.version_entries
                    WHERE project = :project AND package = :package
                    """)
                .param("project", key.project().value())
                .param("package", key.name().value())
                .query(String.class)
                .list()));
  }

  /** Makes the table where it is missing; several at once could not. */
  void prepare() {
    makeTable();
  }

  /** Looked for first: IF NOT EXISTS writes to the catalog all the same. */
  private void makeTable() {
    if (made.get()) {
      return;
    }
    lake.transact(client -> {
      boolean there =
          client
                  .sql(
                      """
                      SELECT count(*) FROM duckdb_tables()
                      WHERE database_name = 'lk' AND schema_name = 'ingot'
                        AND table_name = 'version_entries'
                      """)
                  .query(Long.class)
                  .single()
              > 0;
      if (!there) {
        client.sql("CREATE SCHEMA IF NOT EXISTS lk.ingot").update();
        client
            .sql(
                """
                CREATE TABLE lk.ingot.version_entries (
                  project VARCHAR, package VARCHAR, content VARCHAR, place INTEGER,
                  generation VARCHAR, declared_schema VARCHAR, declared_name VARCHAR,
                  source_names VARCHAR)
                """)
            .update();
      }
      return true;
    });
    made.set(true);
  }
}
