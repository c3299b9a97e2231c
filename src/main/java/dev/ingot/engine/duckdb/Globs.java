package dev.ingot.engine.duckdb;

import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names that stand for the files that they match. */
final class Globs {

  private static final Pattern SPECIAL = Pattern.compile("[*?\\[]");

  private Globs() {}

  static boolean isOne(String name) {
    return SPECIAL.matcher(name).find();
  }

  /** What all names begin with that a pattern stands for. */
  static String beginning(String pattern) {
    Matcher special = SPECIAL.matcher(pattern);
    return special.find() ? pattern.substring(0, special.start()) : pattern;
  }

  /**
   * The files that it stands for now, as DuckDB reads it.
   *
   * @throws dev.ingot.engine.Engine.EngineException when they can't be listed
   */
  static List<String> matches(DuckDbDatabase database, String pattern) {
    String sql = "SELECT file FROM glob(%s) ORDER BY file".formatted(DuckDbSql.literal(pattern));
    return database.look((connection, statement) -> {
      var files = new ArrayList<String>();
      try (ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          files.add(rows.getString(1));
        }
      }
      return files;
    });
  }
}
