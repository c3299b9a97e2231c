package dev.ingot.engine.postgres;

import dev.ingot.engine.Engine.EngineException;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;

/**
 * Refuses SQL of several statements. The driver splits them, and would run all of them; the server
 * takes one at a time. So the driver's own parser is asked.
 */
final class SingleStatement {

  private SingleStatement() {}

  /**
   * @return the same
   * @throws EngineException when it isn't one statement
   */
  static String require(String sql) {
    List<NativeQuery> statements;
    try {
      statements = Parser.parseJdbcSql(sql, true, false, true, false, false);
    } catch (SQLException e) {
      throw new EngineException(String.valueOf(e.getMessage()), e);
    }
    if (statements.size() != 1) {
      throw new EngineException(
          "the SQL has %d statements; a single SELECT is allowed".formatted(statements.size()),
          new IllegalArgumentException(sql));
    }
    return sql;
  }
}
