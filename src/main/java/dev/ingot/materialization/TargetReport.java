package dev.ingot.materialization;

import dev.ingot.plan.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run did with one target.
 *
 * @param tableName the declared name
 * @param physicalTable the generation's table; null until there is one
 * @param dependsOn BuildIDs
 * @param rows of the table; null until it is built or reused
 * @param durationMs milliseconds that the build took; null when nothing was built
 * @param sql the SELECT that was run; null when nothing was
 * @param model where the first source is declared
 * @param line 1-based
 */
public record TargetReport(
    String buildId,
    String tableName,
    @Nullable String physicalTable,
    String connectionName,
    List<String> sourceNames,
    List<String> dependsOn,
    TargetStatus status,
    Reason reason,
    @Nullable Long rows,
    @Nullable Long durationMs,
    @Nullable String sql,
    @Nullable String error,
    @Nullable String model,
    @Nullable Integer line) {

  TargetReport running(String statement) {
    return with(TargetStatus.RUNNING, physicalTable, rows, durationMs, statement, error);
  }

  TargetReport built(long rowCount, long millis) {
    return with(TargetStatus.BUILT, physicalTable, rowCount, millis, sql, null);
  }

  TargetReport ended(TargetStatus how, String why) {
    return with(how, null, rows, durationMs, sql, why);
  }

  private TargetReport with(
      TargetStatus newStatus,
      @Nullable String table,
      @Nullable Long rowCount,
      @Nullable Long millis,
      @Nullable String statement,
      @Nullable String why) {
    return new TargetReport(
        buildId,
        tableName,
        table,
        connectionName,
        sourceNames,
        dependsOn,
        newStatus,
        reason,
        rowCount,
        millis,
        statement,
        why,
        model,
        line);
  }
}
