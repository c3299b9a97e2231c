package dev.ingot.engine.duckdb;

import dev.ingot.engine.Engine.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The functions of DuckDB 1.5.5 that a package's SQL may call, in {@code allowed-calls.txt}. What a
 * database has and isn't there does more than select, in spite of a locked configuration: it runs
 * SQL that is put together while it runs, writes logs and files, holds up other transactions, reads
 * memory at an address, shows the server's settings, secrets or paths, or is what an extension
 * brought along. {@code enable_logging} with a folder that is not allowed ends the whole process.
 *
 * <p>A name that no function has may stand before a parenthesis: {@code AS t(a, b)}.
 */
final class AllowedCalls {

  private static final Pattern WORD = Pattern.compile("\\w+");
  private static final Set<String> NAMES = names();

  /** By the extensions that are loaded. */
  private static final ConcurrentHashMap<String, Refused> KNOWN = new ConcurrentHashMap<>();

  private AllowedCalls() {}

  private static Set<String> names() {
    try (InputStream file = AllowedCalls.class.getResourceAsStream("allowed-calls.txt")) {
      if (file == null) {
        throw new IllegalStateException("allowed-calls.txt is missing");
      }
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      return Set.of(text.strip().split("\\s+"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What a package may not name, in lower case.
   *
   * @param calls functions
   * @param views of DuckDB's own, which show what these would
   */
  record Refused(Set<String> calls, Set<String> views) {

    static final Refused NOTHING = new Refused(Set.of(), Set.of());

    /** Whether it is such a view, without its schema. */
    boolean hasView(String name) {
      return views.contains(name.toLowerCase(Locale.ROOT));
    }
  }

  /** Of a database with the extensions that it has, to which nothing else is attached yet. */
  static Refused refusedOf(Statement statement) throws SQLException {
    String loaded;
    try (ResultSet row =
        statement.executeQuery(
            """
            SELECT coalesce(string_agg(extension_name, ' ' ORDER BY extension_name), '')
            FROM duckdb_extensions() WHERE loaded
            """)) {
      row.next();
      loaded = row.getString(1);
    }
    Refused known = KNOWN.get(loaded);
    if (known == null) {
      Set<String> calls = refusedCalls(statement);
      known = new Refused(calls, refusedViews(statement, calls));
      KNOWN.put(loaded, known);
    }
    return known;
  }

  private static Set<String> refusedCalls(Statement statement) throws SQLException {
    var refused = new HashSet<String>();
    try (ResultSet rows =
        statement.executeQuery("SELECT DISTINCT function_name FROM duckdb_functions()")) {
      while (rows.next()) {
        refused.add(rows.getString(1).toLowerCase(Locale.ROOT));
      }
    }
    refused.removeAll(NAMES);
    // Operators compute, and nothing else.
    refused.removeIf(name -> !WORD.matcher(name).matches());
    return Set.copyOf(refused);
  }

  private static Set<String> refusedViews(Statement statement, Set<String> calls)
      throws SQLException {
    var refused = new HashSet<String>();
    try (ResultSet rows =
        statement.executeQuery("SELECT view_name, sql FROM duckdb_views() WHERE internal")) {
      while (rows.next()) {
        String sql = rows.getString(2).replace(';', ' ');
        if (SingleSelect.of(sql).calls().stream().anyMatch(calls::contains)) {
          refused.add(rows.getString(1).toLowerCase(Locale.ROOT));
        }
      }
    }
    return Set.copyOf(refused);
  }

  /**
   * @param refused of the database that it is for
   * @return the SELECT as it was given
   * @throws EngineException when it is more than one statement or names anything of that
   */
  static String check(String select, Refused refused) {
    SingleSelect said = SingleSelect.of(select);
    for (String name : said.calls()) {
      if (refused.calls().contains(name)) {
        throw refuse("calls %s()".formatted(name));
      }
    }
    Stream.concat(said.tokens().stream().map(SingleSelect.Token::text), said.literals().stream())
        .filter(refused::hasView)
        .findFirst()
        .ifPresent(name -> {
          throw refuse("reads " + name);
        });
    return select;
  }

  private static EngineException refuse(String what) {
    return new EngineException(
        "The SQL %s, which a model may not: it does more than select".formatted(what),
        new IllegalArgumentException(what));
  }
}
