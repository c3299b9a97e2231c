package dev.ingot.engine.duckdb;

import dev.ingot.engine.Cancellation;
import dev.ingot.engine.TableName;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** How a package's generations are kept. The methods mean what they mean in the engine. */
interface TableStore {

  long build(TableName table, String select, String mark, Cancellation cancellation);

  OptionalLong bytes(TableName table);

  Set<TableName> existing(Collection<TableName> names);

  Set<TableName> built(Map<TableName, String> marks);

  void attach(Map<TableName, String> marks);

  void drop(TableName table, String mark);

  /** The declared names are views over these tables now. */
  void shown(Collection<TableName> tables);

  /** The generation that a file is, as DuckDB names it in a plan. */
  Optional<TableName> ofFile(String file);

  /** Whether it would be lost with the database, other than what can be made again. */
  boolean isContent(Relation relation);
}
