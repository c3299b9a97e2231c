package dev.ingot.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Words of DuckDB 1.5.5, and what they mean here. */
class DuckDbErrorsTest {

  private static final String FULL =
      "Could not write file \"/home/state.duckdb.wal\": No space left on device";

  private static SQLException error(String message) {
    return new SQLException(message);
  }

  @Test
  void aFullDiskIsKnownInAllItsForms() {
    assertThat(DuckDbErrors.noSpace(error("TransactionContext Error: Failed to commit: " + FULL)))
        .isTrue();
    assertThat(DuckDbErrors.noSpace(error("IO Error: " + FULL))).isTrue();
    assertThat(
            DuckDbErrors.noSpace(
                error("Out of Memory Error: failed to offload data block of size 192.0 KiB")))
        .isTrue();
    assertThat(DuckDbErrors.noSpace(new IllegalStateException("outer", error(FULL)))).isTrue();
    assertThat(DuckDbErrors.noSpace(error("Out of Memory Error: could not allocate block")))
        .isFalse();
  }

  @Test
  void whatWrapsAnErrorIsNotLookedAt() {
    assertThat(DuckDbErrors.noSpace(new IllegalStateException("No space left on device")))
        .isFalse();
    assertThat(
            DuckDbErrors.fatal(
                new IllegalStateException("FATAL Error: said a caller", error("Parser Error: x"))))
        .isFalse();
  }

  @Test
  void anInstanceThatIsOfNoUseAnyMoreIsKnown() {
    assertThat(
            DuckDbErrors.fatal(
                error("FATAL Error: Failed to create checkpoint because of error: " + FULL)))
        .isTrue();
    assertThat(
            DuckDbErrors.fatal(
                error(
                    "Invalid Input Error: Attempting to execute an unsuccessful or closed pending query result\n"
                        + "Error: FATAL Error: Failed: database has been invalidated")))
        .isTrue();
    assertThat(DuckDbErrors.fatal(error("INTERNAL Error: assertion"))).isTrue();
    assertThat(DuckDbErrors.fatal(error("IO Error: " + FULL))).isFalse();
  }

  @Test
  void whoHoldsAFileIsKnown() {
    SQLException held =
        error(
            "IO Error: Could not set lock on file \"/home/state.duckdb\": Conflicting lock is held in /usr/bin/java (PID 4711) by user root.");

    assertThat(DuckDbErrors.holder(held)).contains(4711L);
    assertThat(DuckDbErrors.holder(error("IO Error: (PID 4711)"))).isEmpty();
  }

  @Test
  void adviceAboutMemoryNamesWhatCanBeSetHere() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("SET memory_limit='20MB'");
      statement.execute("SET temp_directory=''");
      SQLException failed =
          catchThrowableOfType(
              SQLException.class,
              () -> statement.executeQuery("SELECT list(range) FROM range(10000000)"));

      assertThat(DuckDbErrors.text(failed))
          .contains("Out of Memory Error", "ingot.duckdb.memory-limit", "ingot.duckdb.threads")
          .doesNotContain("SET threads", "SET memory_limit", "preserve_insertion_order");
    }
  }

  @Test
  void aTextIsWhatDuckDbSaysAndNoMore() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      SQLException failed =
          catchThrowableOfType(
              SQLException.class, () -> statement.executeQuery("SELECT error('mine')"));

      assertThat(DuckDbErrors.text(failed)).startsWith("Invalid Input Error: mine");
      assertThat(failed.getSQLState()).isNull();
    }
    assertThat(DuckDbErrors.text(error("INTERNAL Error: why\nStack Trace:\n0x1")))
        .isEqualTo("INTERNAL Error: why");
  }
}
