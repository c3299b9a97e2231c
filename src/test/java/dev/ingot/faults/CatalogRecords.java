package dev.ingot.faults;

import dev.ingot.testing.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a catalog has on record of one package, read past all servers. */
final class CatalogRecords {

  private static final int PATIENCE_SECONDS = 5;

  private final TestDatabase catalog;
  private final String packageName;
  private @Nullable Connection connection;

  CatalogRecords(TestDatabase catalog, String packageName) {
    this.catalog = catalog;
    this.packageName = packageName;
  }

  /** The files of its generations, in order. */
  List<String> files() {
    return texts(
            """
            SELECT table_schema || '.' || table_name || '.parquet' FROM ingot.generations
            WHERE package = ? ORDER BY 1
            """,
            packageName)
        .stream()
        .sorted()
        .toList();
  }

  /** Its generations, with a question mark at those that never got finished. */
  List<String> generations() {
    return texts(
        """
        SELECT concat(id, CASE WHEN built_at IS NULL THEN '?' END) FROM ingot.generations
        WHERE package = ?
        """,
        packageName);
  }

  /** How many of its runs are RUNNING. */
  int running() {
    return Integer.parseInt(
        texts(
                "SELECT count(*) FROM ingot.runs WHERE package = ? AND status = 'RUNNING'",
                packageName)
            .getFirst());
  }

  /** The number of its current version. */
  long version() {
    String sql = "SELECT version FROM ingot.current_versions WHERE package = ?";
    return Long.parseLong(texts(sql, packageName).getFirst());
  }

  /** The run that published its current version. */
  String publisher() {
    return texts(
            """
            SELECT v.run FROM ingot.current_versions c
            JOIN ingot.versions v USING (project, package, version) WHERE c.package = ?
            """,
            packageName)
        .getFirst();
  }

  /** Whether a run has built all that it was to build. */
  boolean allBuilt(String run) {
    return texts(
                "SELECT built_at::text FROM ingot.generations WHERE run = ? AND built_at IS NOT NULL",
                run)
            .size()
        == FaultDag.TARGETS;
  }

  /** The first column of all rows; over a new connection when the last one was lost. */
  private synchronized List<String> texts(String sql, String parameter) {
    try {
      Connection held = connection;
      if (held != null && held.isValid(PATIENCE_SECONDS)) {
        return texts(held, sql, parameter);
      }
      Connection fresh = catalog.connect();
      connection = fresh;
      return texts(fresh, sql, parameter);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> texts(Connection connection, String sql, String parameter)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, parameter);
      var texts = new ArrayList<String>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          texts.add(rows.getString(1));
        }
      }
      return texts;
    }
  }
}
