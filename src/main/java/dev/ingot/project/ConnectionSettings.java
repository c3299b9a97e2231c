package dev.ingot.project;

/** How a connection of a project reaches its data. */
public sealed interface ConnectionSettings permits PostgresSettings, DuckDbGrants {

  /**
   * What tells its database from every other, as all servers of a project know it: without who
   * asks, and how it is encrypted. It doesn't change while tables are on record there.
   */
  String identity();
}
