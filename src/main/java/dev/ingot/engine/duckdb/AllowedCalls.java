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
import java.util.regex.Pattern;

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

  /** The functions of a database that may not be called, in lower case. */
  static Set<String> refusedOf(Statement statement) throws SQLException {
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
    return refused;
  }

  /**
   * @param refused of the database that it is for
   * @return the SELECT as it was given
   * @throws EngineException when it is more than one statement or calls such a function
   */
  static String check(String select, Set<String> refused) {
    for (String name : SingleSelect.calls(select)) {
      if (refused.contains(name)) {
        throw new EngineException(
            "The SQL calls %s(), which a model may not: it does more than select".formatted(name),
            new IllegalArgumentException(name));
      }
    }
    return select;
  }
}
