package dev.ingot.engine.duckdb;

import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.EngineColumn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The columns of tables, data files and SELECTs, as the compiler asks for them. */
final class DescribedColumns {

  /** With what a size stands beside that may say anything. */
  private static final Pattern SIZE =
      Pattern.compile("'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\\[\\d+]");

  private final DuckDbDatabase database;
  private final DataFileViews dataFiles;
  private final PackageSql sql;

  DescribedColumns(DuckDbDatabase database, DataFileViews dataFiles, PackageSql sql) {
    this.database = database;
    this.dataFiles = dataFiles;
    this.sql = sql;
  }

  /**
   * @param tablePath a table's name as SQL has it, or a data file's with or without quotes
   * @throws EngineException with DuckDB's words, or how to write it
   */
  List<EngineColumn> ofTable(String tablePath) {
    String name = unquoted(tablePath);
    refuseRemote(name);
    Optional<EngineException> unreadable = dataFiles.require(name);
    try {
      return of(sql.check("SELECT * FROM " + tablePath));
    } catch (EngineException e) {
      if (!DataFileViews.isOfPackage(name) || dataFiles.has(name)) {
        throw e;
      }
      throw unreadable(name, unreadable.orElse(e));
    }
  }

  /**
   * @param select one that was checked
   * @throws EngineException with DuckDB's words, or how to write it
   */
  List<EngineColumn> ofSelect(String select) {
    var unreadable = new HashMap<String, EngineException>();
    for (String literal : SingleSelect.of(select).literals()) {
      dataFiles.require(literal).ifPresent(e -> unreadable.put(literal, e));
    }
    try {
      return of("SELECT * FROM (" + select + "\n)");
    } catch (EngineException e) {
      String refused = DuckDbErrors.refusedFile(e).orElseThrow(() -> e);
      refuseRemote(refused);
      // It is refused because there is no view of that name.
      throw unreadable(refused, unreadable.getOrDefault(refused, e));
    }
  }

  private List<EngineColumn> of(String select) {
    return database.look((connection, statement) -> read(statement, select)).stream()
        .map(column -> new EngineColumn(column.name(), asLists(column.type())))
        .toList();
  }

  /**
   * With their types as DuckDB has them.
   *
   * @param what a SELECT or a table as SQL has it
   */
  static List<EngineColumn> read(Statement statement, String what) throws SQLException {
    var columns = new ArrayList<EngineColumn>();
    try (ResultSet rows = statement.executeQuery("DESCRIBE " + what)) {
      while (rows.next()) {
        columns.add(new EngineColumn(rows.getString("column_name"), rows.getString("column_type")));
      }
    }
    return columns;
  }

  /**
   * The compiler knows lists; of an array of a fixed size ({@code FLOAT[2]}) it sees the element
   * alone.
   */
  static String asLists(String type) {
    return SIZE.matcher(type).replaceAll(DescribedColumns::withoutSize);
  }

  private static String withoutSize(MatchResult found) {
    return found.group().startsWith("[") ? "[]" : Matcher.quoteReplacement(found.group());
  }

  private void refuseRemote(String name) {
    if (ReadsElsewhere.isUrl(name) && database.hardening().grants().of(name).isEmpty()) {
      throw PackageSql.notGranted(name);
    }
  }

  private static EngineException unreadable(String name, EngineException e) {
    boolean missing = DuckDbErrors.noFile(e) || DuckDbErrors.refusedFile(e).isPresent();
    String message =
        missing
            ? "The package has no readable data file '%s'; name it relative to the package's folder, like 'data/orders.csv' (%s)"
            : "The data file '%s' can't be read: %s";
    return new EngineException(message.formatted(name, e.detail()), e);
  }

  private static String unquoted(String path) {
    boolean quoted =
        path.length() > 1
            && (path.charAt(0) == '"' || path.charAt(0) == '\'')
            && path.charAt(path.length() - 1) == path.charAt(0);
    return quoted ? path.substring(1, path.length() - 1) : path;
  }
}
