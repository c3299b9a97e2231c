package dev.ingot.engine.duckdb;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine.RowReader;
import dev.ingot.engine.ReadFailed;
import dev.ingot.engine.TableName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads the rows of a package's SELECTs. */
final class PackageQueries {

  /** What changes the connection: the random numbers of whoever uses it next would be known. */
  private static final Pattern SPOILS = Pattern.compile("setseed", Pattern.CASE_INSENSITIVE);

  private static final int KNOWN = 500;

  private final DuckDbDatabase database;
  private final Function<String, Optional<TableName>> ofFile;

  /** The SELECTs whose plan was found to have nothing of its moment in it. */
  private final Cache<String, Boolean> timeless = Caffeine.newBuilder().maximumSize(KNOWN).build();

  /**
   * @param ofFile the table that a file is, if it is one
   */
  PackageQueries(DuckDbDatabase database, Function<String, Optional<TableName>> ofFile) {
    this.database = database;
    this.ofFile = ofFile;
  }

  /** As {@link dev.ingot.engine.Engine#query}, of what was checked. */
  <T> T query(String given, Cancellation cancellation, RowReader<T> reader) {
    return run(DeepChains.cut(given), cancellation, reader);
  }

  private <T> T run(String select, Cancellation cancellation, RowReader<T> reader) {
    boolean keepPlan = timeless.getIfPresent(select) != null;
    return database.read(connection ->
        database
            .statements()
            .run(
                "query",
                connection.connection(),
                cancellation,
                running -> {
                  if (SPOILS.matcher(select).find()) {
                    connection.spoil();
                  }
                  PreparedStatement planned = connection.plan(running, select, keepPlan);
                  try {
                    return whole(connection, select, planned, reader);
                  } finally {
                    connection.done(select, planned);
                  }
                }));
  }

  private static <T> T whole(
      QueryConnection connection, String select, PreparedStatement planned, RowReader<T> reader)
      throws SQLException {
    T result;
    try (ResultSet rows = planned.executeQuery()) {
      result = reader.read(new DuckDbRows(rows));
    } catch (ReadFailed e) {
      throw e.failure();
    }
    WholeRows.require(connection, select);
    return result;
  }

  /**
   * Whether it may name files itself: a pattern of names stands for others when there are more, and
   * the plan has only those that it stands for now.
   */
  private static boolean readsFiles(String select) {
    return select.toLowerCase(Locale.ROOT).contains(".parquet");
  }

  /** As {@link dev.ingot.engine.Engine#repeatable}, of what was checked. */
  Optional<Set<TableName>> repeatable(String given, Cancellation cancellation) {
    if (!KnownCalls.areAllIn(given) || readsFiles(given)) {
      return Optional.empty();
    }
    String select = DeepChains.cut(given);
    RepeatablePlan.Finding found =
        run(
            "SELECT current_database(), json_serialize_plan(%s)"
                .formatted(DuckDbSql.literal(select)),
            cancellation,
            rows -> {
              if (!rows.next()) {
                throw new IllegalStateException("no row without a FROM");
              }
              return RepeatablePlan.find(
                  String.valueOf(rows.value(1)), String.valueOf(rows.value(0)), ofFile);
            });
    if (found.timeless()) {
      timeless.put(select, true);
    }
    return found.tables();
  }
}
