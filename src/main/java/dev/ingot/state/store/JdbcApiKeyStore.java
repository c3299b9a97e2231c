package dev.ingot.state.store;

import dev.ingot.access.ApiKey;
import dev.ingot.access.ApiKeyStore;
import dev.ingot.access.Grants;
import dev.ingot.state.Columns;
import dev.ingot.state.file.LocalState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.springframework.stereotype.Repository;

/** Keys in the state file: {@code api_keys}. */
@Repository
class JdbcApiKeyStore implements ApiKeyStore {

  private final LocalState state;

  JdbcApiKeyStore(LocalState state) {
    this.state = state;
  }

  @Override
  public List<ApiKey> all() {
    return state.read(session ->
        session
            .sql("SELECT * FROM api_keys ORDER BY name")
            .query((row, number) -> key(row))
            .list());
  }

  private static ApiKey key(ResultSet row) throws SQLException {
    return new ApiKey(
        row.getString("id"),
        row.getString("name"),
        row.getString("hash"),
        Columns.value(row.getString("grants"), Grants.class),
        Columns.fields(row.getString("claims")),
        Columns.instantOrNull(row, "expires_at"),
        Columns.instant(row, "created_at"),
        row.getString("created_by"));
  }

  @Override
  public boolean insert(ApiKey key) {
    String sql =
        """
        INSERT INTO api_keys (id, name, hash, grants, claims, expires_at, created_at, created_by)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """;
    return state.write(session ->
        session
            .sql(sql)
            .param(key.id())
            .param(key.name())
            .param(key.hash())
            .param(Columns.json(key.grants()))
            .param(Columns.json(key.claims()))
            .param(Columns.time(key.expiresAt()))
            .param(Columns.time(key.createdAt()))
            .param(key.createdBy())
            .update())
        == 1;
  }

  @Override
  public boolean delete(String id) {
    return state.write(
            session -> session.sql("DELETE FROM api_keys WHERE id = ?").param(id).update())
        == 1;
  }
}
