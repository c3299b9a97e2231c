package dev.ingot.engine;

import dev.ingot.project.ConnectionKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What lies in the databases of a project's connections, for people who look for tables. */
public interface ConnectionContents {

  /**
   * A schema.
   *
   * @param standard tables go there whose declared name has no schema
   */
  record Schema(String name, boolean standard) {}

  /**
   * A table or a view.
   *
   * @param path as a model names it
   */
  record Table(String schema, String name, String path, boolean view) {}

  /**
   * Those that the connection's user may look into, without the database's own.
   *
   * @throws dev.ingot.fault.Fault CONNECTION_NOT_FOUND, CONNECTION_FAILED
   */
  List<Schema> schemas(ConnectionKey key);

  /**
   * The tables and views that the connection's user may read, without the database's own, by schema
   * and name.
   *
   * @param schema null for those of all schemas
   * @throws dev.ingot.fault.Fault CONNECTION_NOT_FOUND, CONNECTION_FAILED
   */
  List<Table> tables(ConnectionKey key, @Nullable String schema);

  /**
   * The columns of a table in their order.
   *
   * @param path as a model names it
   * @throws dev.ingot.fault.Fault CONNECTION_NOT_FOUND, CONNECTION_FAILED, TABLE_NOT_FOUND
   */
  List<EngineColumn> columns(ConnectionKey key, String path);
}
