package dev.ingot.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.engine.Engine.EngineException;
import dev.ingot.project.Home;
import dev.ingot.project.HomeSettings;
import dev.ingot.testing.TestExtensions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against all functions that this DuckDB has, so that a new version of it is looked at. */
class AllowedCallsTest {

  /** Looked at one by one, besides collations and what DuckDB calls internal. */
  private static final Set<String> REFUSED =
      Set.of(
          """
          arrow_scan arrow_scan_dumb checkpoint current_query current_setting disable_logging
          disable_profiling duckdb_approx_database_count duckdb_connection_count duckdb_databases
          duckdb_dependencies duckdb_extensions duckdb_external_file_cache duckdb_log_contexts
          duckdb_logs duckdb_logs_parsed duckdb_optimizers
          duckdb_prepared_statements duckdb_profiling_settings duckdb_secret_types
          duckdb_secrets duckdb_settings duckdb_table_sample duckdb_temporary_files
          duckdb_variables enable_logging enable_profiling force_checkpoint histogram_values
          json_execute_serialized_sql json_serialize_plan parse_duckdb_log_message pg_sleep
          pragma_database_size pragma_metadata_info pragma_show pragma_storage_info
          pragma_user_agent query query_table read_duckdb seq_scan sleep_ms truncate_duckdb_logs
          which_secret write_log
          """
              .strip()
              .split("\\s+"));

  /** Their texts name no files. */
  private static final Set<String> OF_TEXTS =
      Set.of(
          "json_each",
          "json_tree",
          "repeat",
          "repeat_row",
          "summary",
          "test_vector_types",
          "unnest");

  @TempDir Path folder;
  private Connection connection;
  private Statement statement;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:duckdb:");
    statement = connection.createStatement();
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private Set<String> functions(String condition) throws SQLException {
    var names = new TreeSet<String>();
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE " + condition)) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  @Test
  void everyFunctionWasLookedAt() throws SQLException {
    var unknown = new HashSet<>(AllowedCalls.refusedOf(statement).calls());
    // A SELECT can't call the others.
    unknown.retainAll(functions("function_type <> 'pragma'"));
    unknown.removeIf(name -> name.startsWith("icu_collate_") || name.startsWith("__"));

    assertThat(unknown).containsExactlyInAnyOrderElementsOf(REFUSED);
  }

  @Test
  void nothingThatAnExtensionBringsIsCalled() throws SQLException {
    var home = new Home(new HomeSettings(folder.toString(), List.of()));
    TestExtensions.shareWith(folder);
    String repository = TestExtensions.repository().map(Path::toString).orElse(null);
    var extensions = new DuckDbExtensions(home, new ExtensionSettings(repository));
    for (String extension : List.of("httpfs", "azure", "postgres_scanner", "ducklake")) {
      Set<String> before = functions("true");
      extensions.load(connection, extension);
      Set<String> brought = functions("true");
      brought.removeAll(before);

      assertThat(AllowedCalls.refusedOf(statement).calls()).as(extension).containsAll(brought);
    }
    assertThat(AllowedCalls.refusedOf(statement).calls())
        .contains("postgres_execute", "postgres_query", "postgres_scan", "ducklake_snapshots");
  }

  @Test
  void whatTakesNamesOfFilesIsKnown() throws SQLException {
    Set<String> ofTexts =
        functions(
            """
            function_type IN ('table', 'table_macro')
              AND (function_type = 'table_macro' OR parameter_types[1] IN ('VARCHAR', 'VARCHAR[]', 'ANY'))
            """);
    ofTexts.removeAll(AllowedCalls.refusedOf(statement).calls());
    ofTexts.removeAll(ReadsElsewhere.NAMERS);
    ofTexts.removeAll(OF_TEXTS);

    assertThat(ReadsElsewhere.READERS).containsAll(ofTexts);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT current_setting('memory_limit')",
        "SELECT \"current_setting\"('memory_limit')",
        "SELECT system.main.current_setting ('memory_limit')",
        "SELECT Current_Setting/* */('memory_limit')",
        "SELECT 'memory_limit'.current_setting()",
        "FROM query('SELECT 1')",
        "FROM pg_catalog.pg_settings",
        "SELECT * FROM \"PG_SETTINGS\"",
        "SELECT * FROM 'pg_settings'",
        "SELECT * FROM duckdb_logs",
        "SELECT * FROM duckdb_databases",
        "SELECT * FROM (FROM duckdb_secrets())"
      })
  void howeverACallIsWrittenItIsRefused(String select) throws SQLException {
    AllowedCalls.Refused refused = AllowedCalls.refusedOf(statement);

    assertThatThrownBy(() -> AllowedCalls.check(select, refused))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("which a model may not");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM range(3) AS numbers(n)",
        "WITH RECURSIVE r(n) AS (SELECT 1) SELECT * FROM r",
        "SELECT n::DECIMAL(10, 2) FROM range(3) t(n)",
        "SELECT \"+\"(1, 2), upper('a'), list_sum([1]), strftime(DATE '2026-01-01', '%Y')",
        "SELECT count(*) FILTER (WHERE true) OVER (PARTITION BY 1) FROM range(3)",
        "SELECT * FROM read_csv('o.csv') WHERE a IN (1, 2)"
      })
  void whatSelectsIsCalled(String select) throws SQLException {
    AllowedCalls.Refused refused = AllowedCalls.refusedOf(statement);

    assertThat(AllowedCalls.check(select, refused)).isEqualTo(select);
  }
}
