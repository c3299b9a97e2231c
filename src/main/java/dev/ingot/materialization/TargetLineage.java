package dev.ingot.materialization;

import dev.ingot.compile.ColumnLineage.Use;
import dev.ingot.engine.Dataset;
import java.util.List;

/**
 * What a table is made of, by the names that others know that by. It is kept where somebody is to
 * be told of it.
 *
 * @param gated whether its SQL is only for who may build it
 * @param table its declared name, which all its generations have
 * @param inputs what it is made of; none before it is built
 * @param columns of the table; none before it is built
 */
public record TargetLineage(
    boolean gated, Dataset table, List<Dataset> inputs, List<Column> columns) {

  public TargetLineage {
    inputs = List.copyOf(inputs);
    columns = List.copyOf(columns);
  }

  /**
   * A column.
   *
   * @param type as the database names it
   * @param inputs none where they aren't known
   */
  public record Column(String name, String type, List<Input> inputs) {

    public Column {
      inputs = List.copyOf(inputs);
    }
  }

  /** A column that another one is made of. */
  public record Input(Dataset dataset, String field, Use use) {}
}
