package dev.ingot.state.store;

import dev.ingot.project.ConnectionKey;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;
import dev.ingot.project.Revisions;
import dev.ingot.project.Sha256;
import dev.ingot.state.file.LocalState;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Repository;

/** The column {@code revision} of what is registered in the state file. */
@Repository
class JdbcRevisions implements Revisions {

  private final LocalState state;

  JdbcRevisions(LocalState state) {
    this.state = state;
  }

  @Override
  public Optional<String> of(ProjectName project) {
    String sql =
        """
        SELECT 0 AS kind, name, revision FROM projects WHERE name = :project
        UNION ALL SELECT 1, name, revision FROM packages WHERE project = :project
        UNION ALL SELECT 2, name, revision FROM connections WHERE project = :project
        ORDER BY kind, name
        """;
    List<String> revisions =
        state.read(session ->
            session
                .sql(sql)
                .param("project", project.value())
                .query((row, n) -> row.getString("revision"))
                .list());
    if (revisions.isEmpty()) {
      return Optional.empty();
    }
    var all = new Sha256();
    all.add(revisions.toArray(String[]::new));
    return Optional.of(all.hex());
  }

  @Override
  public Optional<String> of(PackageKey key) {
    return state.read(session ->
        session
            .sql(key, "SELECT revision FROM packages WHERE project = :project AND name = :package")
            .query(String.class)
            .optional());
  }

  @Override
  public Optional<String> of(ConnectionKey key) {
    return state.read(session ->
        session
            .sql("SELECT revision FROM connections WHERE project = ? AND name = ?")
            .param(key.project().value())
            .param(key.name())
            .query(String.class)
            .optional());
  }
}
