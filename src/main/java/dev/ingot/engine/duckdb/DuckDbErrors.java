package dev.ingot.engine.duckdb;

import dev.ingot.engine.Engine.EngineException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What DuckDB's errors mean. The driver leaves SQLState null, so there is nothing but the message
 * to tell them apart by, and this is the only place that looks at it.
 */
public final class DuckDbErrors {

  /** What the driver puts in front of an error that comes up while rows stream. */
  private static final String STREAM_FAILED =
      "Invalid Input Error: Attempting to execute an unsuccessful or closed pending query result\nError: ";

  private static final String INTERNAL = "INTERNAL Error: ";
  private static final Pattern HOLDER =
      Pattern.compile("Could not set lock on file .*\\(PID (\\d+)\\)", Pattern.DOTALL);

  private static final Pattern REFUSED_FILE =
      Pattern.compile("Permission Error: Cannot access file \"([^\"]*)\"");

  /** What a CSV reader guessed about the file, and where that lies on this machine. */
  private static final Pattern READER_STATE = Pattern.compile("(?s)\\n\\s*\\n\\s*file = .*");

  private static final Pattern NOT_CONNECTED =
      Pattern.compile("(IO Error: )?Unable to connect to Postgres at \"[^\"]*\": ");

  /** Ways to spare memory, by settings that nobody can set here. */
  private static final Pattern MEMORY_ADVICE =
      Pattern.compile("(?s)\\s*Possible solutions?:\\s*\\* .*");

  private DuckDbErrors() {}

  /**
   * The disk is full. A query that spills says it in other words, because DuckDB gives itself only
   * what was free on the disk.
   */
  public static boolean noSpace(Throwable error) {
    return says(error, "No space left on device") || says(error, "failed to offload data block");
  }

  /**
   * The open instance answers nothing any more and must be closed and opened again. A checkpoint
   * that fails, and an error within DuckDB itself, leave it like that.
   */
  public static boolean fatal(Throwable error) {
    return says(error, "FATAL Error: ") || says(error, INTERNAL);
  }

  /** It is another statement that {@link #fatal} is said of, before this one or beside it. */
  public static boolean invalidated(Throwable error) {
    return says(error, "database has been invalidated");
  }

  /** The file is of a DuckDB that is newer than the one that reads it. */
  public static boolean newerFormat(Throwable error) {
    return says(error, "Trying to read a database file with version number");
  }

  /** The id of the process that has the file open; empty when it isn't that. */
  public static Optional<Long> holder(Throwable error) {
    for (Throwable at = sql(error); at != null; at = at.getCause()) {
      Matcher matcher = HOLDER.matcher(String.valueOf(at.getMessage()));
      if (matcher.find()) {
        return Optional.of(Long.valueOf(matcher.group(1)));
      }
    }
    return Optional.empty();
  }

  /** Another transaction on the same lake was faster; the same work may succeed when done again. */
  public static boolean conflict(Throwable error) {
    return says(error, "Transaction conflict");
  }

  /** The lake was made with another folder for its files. */
  public static boolean otherDataPath(Throwable error) {
    return says(error, "does not match existing data path in the catalog");
  }

  /** The file is there, but it is no Parquet, or only the beginning of one. */
  public static boolean notParquet(Throwable error) {
    return says(error, "No magic bytes found at end of file")
        || says(error, "too small to be a Parquet file")
        || says(error, "Footer length error");
  }

  /** There is no such file, in a folder or in a bucket. */
  public static boolean noFile(Throwable error) {
    return says(error, "No files found that match the pattern") || says(error, "(HTTP 404 ");
  }

  /**
   * It would run in several statements, which a transaction with a locked configuration has not.
   */
  static boolean severalStatements(Throwable error) {
    return says(error, "current_transaction_invalidation_policy");
  }

  /** The file that it may not reach, as the SQL names it; empty when it isn't that. */
  static Optional<String> refusedFile(Throwable error) {
    for (Throwable at = sql(error); at != null; at = at.getCause()) {
      Matcher matcher = REFUSED_FILE.matcher(String.valueOf(at.getMessage()));
      if (matcher.find()) {
        return Optional.of(matcher.group(1));
      }
    }
    return Optional.empty();
  }

  /** It is about the way to the catalog's database, and may name what it takes to get there. */
  public static boolean aboutCatalog(Throwable error) {
    return says(error, "ostgres") || says(error, "assword") || says(error, "Failed to commit");
  }

  /** What {@link #noSpace} is said of, for who can do something about it. */
  static EngineException full(SQLException error) {
    return new EngineException(
        "No space is left on the disk of Ingot's home: free some and try again (%s)"
            .formatted(text(error).lines().findFirst().orElse("")),
        error);
  }

  /** Why a database can't be attached, in the words of its own library, and none of how it was. */
  static String notAttached(SQLException error) {
    return NOT_CONNECTED.matcher(text(error)).replaceFirst("").lines().findFirst().orElse("");
  }

  /** A PostgreSQL that is attached doesn't answer any more. */
  static boolean attachedLost(Throwable error) {
    return says(error, "Unable to connect to Postgres")
        || says(error, "server closed the connection")
        || says(error, "no connection to the server");
  }

  /** What DuckDB says, without what the driver and a stack of its own add to it. */
  public static String text(SQLException error) {
    String message = String.valueOf(error.getMessage());
    if (message.startsWith(STREAM_FAILED)) {
      message = message.substring(STREAM_FAILED.length());
    }
    int end = message.startsWith(INTERNAL) ? message.indexOf('\n') : -1;
    return end < 0 ? advised(message) : message.substring(0, end);
  }

  /** Its advice in terms of what can be set here. */
  private static String advised(String message) {
    if (message.contains("Out of Memory Error: ")) {
      return MEMORY_ADVICE.matcher(message).replaceFirst("")
          + "\nRaise ingot.duckdb.memory-limit, or lower ingot.duckdb.threads or ingot.build.parallelism";
    }
    if (message.contains("Invalid value for NanoOfDay")) {
      return "The result has the time 24:00:00 within a list, a record or a map, where DuckDB's driver can't read it: cast it to VARCHAR";
    }
    return READER_STATE.matcher(message).replaceFirst("");
  }

  /** The first line of what DuckDB says; empty when it isn't DuckDB that failed. */
  public static String firstLine(Throwable error) {
    return sql(error) instanceof SQLException e ? text(e).lines().findFirst().orElse("") : "";
  }

  private static boolean says(Throwable error, String words) {
    for (Throwable at = sql(error); at != null; at = at.getCause()) {
      if (String.valueOf(at.getMessage()).contains(words)) {
        return true;
      }
    }
    return false;
  }

  /** The database's own error: what is wrapped around it may repeat a caller's words. */
  private static @Nullable Throwable sql(Throwable error) {
    Throwable at = error;
    while (at != null && !(at instanceof SQLException)) {
      at = at.getCause();
    }
    return at;
  }
}
