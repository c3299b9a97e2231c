package dev.ingot.state.file;

import dev.ingot.engine.TableName;
import dev.ingot.project.PackageKey;
import dev.ingot.state.Columns;
import dev.ingot.state.ManyRows;
import dev.ingot.state.VersionEntries;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Contents in the state file. */
final class StateEntries implements VersionEntries {

  private final StateDatabase state;

  StateEntries(StateDatabase state) {
    this.state = state;
  }

  @Override
  public void append(PackageKey key, String content, List<EntryRow> entries) {
    List<List<Object>> rows = EntryRow.columns(key, content, entries);
    String into =
        """
        INSERT INTO entries (project, package, content, place, generation, declared_schema,
          declared_name, source_names)
        """;
    state.change(client -> ManyRows.insert(client::sql, into, rows, "ON CONFLICT DO NOTHING"));
  }

  @Override
  public List<EntryRow> read(PackageKey key, String content) {
    String sql =
        """
        SELECT generation, declared_schema, declared_name, source_names FROM entries
        WHERE project = ? AND package = ? AND content = ? ORDER BY place
        """;
    return state.read(client ->
        of(client, sql, key)
            .param(content)
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
    state.change(client ->
        contents.forEach(content ->
            of(client, "DELETE FROM entries WHERE project = ? AND package = ? AND content = ?", key)
                .param(content)
                .update()));
  }

  @Override
  public Set<String> contents(PackageKey key) {
    String sql = "SELECT DISTINCT content FROM entries WHERE project = ? AND package = ?";
    return state.read(client -> new HashSet<>(of(client, sql, key).query(String.class).list()));
  }

  private static JdbcClient.StatementSpec of(JdbcClient client, String sql, PackageKey key) {
    return client.sql(sql).param(key.project().value()).param(key.name().value());
  }
}
