package dev.ingot.compile;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which columns the columns of a source's table are made of, as far as the model says it.
 *
 * @param columns those of which all inputs are known
 */
public record ColumnLineage(List<Column> columns) {

  public static final ColumnLineage UNKNOWN = new ColumnLineage(List.of());

  /** How a value goes into another one; the later ones say less of it. */
  public enum Use {
    IDENTITY,
    TRANSFORMATION,
    AGGREGATION,
    /** It decides over what comes of others. */
    CONDITION
  }

  /** A column of the source's table, under the name that its query gives it. */
  public record Column(String name, List<Input> inputs) {}

  /**
   * A column of a target's table, or of a table that the model names.
   *
   * @param buildId of that target; null for others
   * @param table as it stands in SQL; null for a target's
   */
  public record Input(
      @Nullable String buildId,
      @Nullable String connectionName,
      @Nullable String table,
      String field,
      Use use) {}
}
