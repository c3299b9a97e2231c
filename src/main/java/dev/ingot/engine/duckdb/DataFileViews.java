package dev.ingot.engine.duckdb;

import static dev.ingot.engine.TableName.quote;

import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.TableName;
import dev.ingot.project.PackageFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets models read the package's data files by the relative names that they use.
 *
 * <p>DuckDB checks a file's name as written against the allowed folders, before any search path, so
 * a relative name is always refused; and without the check the process's working directory would
 * win. A view with the very name is found first and reads the absolute path. Malloy writes a bare
 * {@code airports.csv} without quotes: that is a view {@code csv} in a schema {@code airports}.
 */
final class DataFileViews {

  private static final Logger log = LoggerFactory.getLogger(DataFileViews.class);
  private static final String MARK = "ingot data file: ";
  private static final Pattern BARE = Pattern.compile("([A-Za-z_]\\w*)\\.([A-Za-z_]\\w*)");

  private final DuckDbDatabase database;

  /** Relative name to its mark, of the views that are there. Guarded by this. */
  private final Map<String, String> known = new HashMap<>();

  private volatile Path folder;
  private boolean read;

  DataFileViews(DuckDbDatabase database, Path folder) {
    this.database = database;
    this.folder = folder;
  }

  /**
   * Opens the database again over another folder, and makes the views of its files before anybody
   * uses it.
   *
   * @throws dev.ingot.fault.Fault PACKAGE_BUSY when something on it doesn't end; nothing is changed
   *     then
   */
  synchronized void readFrom(Hardening hardening, Path other, List<String> files) {
    database.reopen(
        hardening,
        () -> {
          folder = other;
          follow(files);
        });
  }

  /**
   * Makes a view for each file, and removes those of files that are gone. What was made on demand
   * goes by the same rule, whatever the list says: who asked for it once doesn't ask again.
   */
  synchronized void follow(List<String> files) {
    readKnown();
    Set<String> wanted = new LinkedHashSet<>(files);
    for (String name : Set.copyOf(known.keySet())) {
      if (Globs.isOne(name) || Files.exists(folder.resolve(name))) {
        wanted.add(name);
      } else {
        remove(name);
      }
    }
    wanted.forEach(name -> {
      var _ = create(name);
    });
  }

  /**
   * Makes the view that a relative name or glob needs, when it looks like one of data files.
   *
   * @return why it can't be read, if it can't
   */
  synchronized Optional<EngineException> require(String name) {
    if (!isOfPackage(name)) {
      return Optional.empty();
    }
    Path path = Path.of(name);
    return path.isAbsolute() || path.normalize().startsWith("..") ? Optional.empty() : create(name);
  }

  /**
   * The SQL with the package's folder in the relative names that DuckDB's readers are called with.
   * Queries ask for it, so it waits for nobody; the folder stays while the database is in use.
   */
  String inReaderCalls(String select) {
    return ReaderCalls.in(folder, select);
  }

  /** Whether a name looks like one of the package's data files. */
  static boolean isOfPackage(String name) {
    return name.indexOf('\0') < 0 && PackageFolder.isDataFile(name) && !ReadsElsewhere.isUrl(name);
  }

  /** Where the files lie. */
  Path folder() {
    return folder;
  }

  /** Makes a view that went while its file was away; false when that wasn't it. */
  synchronized boolean isMadeAgain(String name) {
    return !has(name) && require(name).isEmpty() && has(name);
  }

  /** True when there is a view for this name. */
  synchronized boolean has(String name) {
    return known.containsKey(name);
  }

  /** True for the mark of a view that stands for a data file. */
  static boolean isOwn(String mark) {
    return mark.startsWith(MARK);
  }

  private void readKnown() {
    if (read) {
      return;
    }
    String sql =
        """
        SELECT schema_name, view_name, comment FROM duckdb_views()
        WHERE NOT internal AND comment LIKE 'ingot data file: %'
        """;
    database.use((connection, statement) -> {
      try (ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          String schema = rows.getString(1);
          String view = rows.getString(2);
          if (schema.equals("main") && bare(view).isEmpty()) {
            known.put(view, rows.getString(3));
          } else if (!schema.equals("main")) {
            known.put(schema + "." + view, rows.getString(3));
          }
        }
      }
      return true;
    });
    read = true;
  }

  /** What a name means without quotes, where that can be a view. */
  private static Optional<TableName> bare(String name) {
    Matcher bare = BARE.matcher(name);
    return bare.matches() && !DuckDbEngine.isTaken(bare.group(1))
        ? Optional.of(new TableName(bare.group(1), bare.group(2)))
        : Optional.empty();
  }

  /** All views of a name or none of them; then, why not. */
  private Optional<EngineException> create(String name) {
    String mark = MARK + folder.resolve(name);
    if (mark.equals(known.get(name))) {
      return Optional.empty();
    }
    String target = DuckDbSql.literal(folder.resolve(name).toString());
    try {
      database.transact((connection, statement) -> {
        createView(statement, quote("main") + "." + quote(name), target, mark);
        Optional<TableName> bare = bare(name);
        if (bare.isPresent()) {
          statement.execute("CREATE SCHEMA IF NOT EXISTS " + quote(bare.get().schema()));
          createView(statement, bare.get().sql(), target, mark);
        }
        return true;
      });
      known.put(name, mark);
      return Optional.empty();
    } catch (EngineException e) {
      // A model that reads the file gets DuckDB's own words when it compiles; others don't care.
      log.warn("Data file {} of {} can't be read: {}", name, folder, e.detail());
      if (known.containsKey(name)) {
        // It reads the folder where the package lay before.
        remove(name);
      }
      return Optional.of(e);
    }
  }

  private static void createView(Statement statement, String view, String target, String mark)
      throws SQLException {
    statement.execute("CREATE OR REPLACE VIEW " + view + " AS FROM " + target);
    statement.execute("COMMENT ON VIEW " + view + " IS " + DuckDbSql.literal(mark));
  }

  private void remove(String name) {
    database.transact((connection, statement) -> {
      statement.execute("DROP VIEW IF EXISTS " + quote("main") + "." + quote(name));
      Optional<TableName> bare = bare(name);
      if (bare.isPresent()) {
        statement.execute("DROP VIEW IF EXISTS " + bare.get().sql());
      }
      return true;
    });
    known.remove(name);
  }
}
