package dev.ingot.state.catalog;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.state.StateSchema;
import java.util.List;

/**
 * The tables of a catalog, in a schema of Ingot's own. Servers that start at once make them one
 * after the other, under a lock of the database.
 */
final class CatalogSchema {

  /** Any number that nobody else takes; all servers take the same. */
  private static final long LOCK = 0x1490_7ca7a109L;

  /** What only servers that share a project need. */
  private static final List<String> SHARED =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS workers (
            worker varchar, project varchar, name varchar NOT NULL, version varchar NOT NULL,
            started_at timestamp NOT NULL, seen_at timestamp NOT NULL,
            PRIMARY KEY (worker, project))
          """,
          """
          CREATE TABLE IF NOT EXISTS serving (
            worker varchar, project varchar, package varchar, version bigint,
            answers boolean NOT NULL, PRIMARY KEY (worker, project, package, version))
          """,
          "CREATE INDEX IF NOT EXISTS runs_of_package ON runs (project, package, created_at)",
          "CREATE INDEX IF NOT EXISTS tables_of_package ON generations (project, package)");

  private CatalogSchema() {}

  /**
   * @param attach makes the lake's tables, which several at once can't
   * @throws Fault STORAGE_REFUSED when a newer Ingot wrote it
   */
  static void migrate(CatalogDatabase catalog, Runnable attach) {
    catalog.write(() -> {
      lock(catalog);
      migrate(catalog);
      return true;
    });
    // In a transaction of its own: what attaches comes over other connections.
    inTurns(catalog, attach);
  }

  /**
   * Does something to the lake's tables while no other server does. Overlapping changes of one
   * table can both be committed, and the lake is unreadable for everybody then (DuckLake 1.0).
   */
  static void inTurns(CatalogDatabase catalog, Runnable work) {
    catalog.write(() -> {
      lock(catalog);
      // It takes longer than a transaction may stand still, but a server that hangs may keep no
      // other from it for ever.
      update(catalog, "SET LOCAL idle_in_transaction_session_timeout = '30s'");
      work.run();
      return true;
    });
  }

  /** Until the transaction ends. */
  private static void lock(CatalogDatabase catalog) {
    catalog
        .client()
        .sql("SELECT pg_advisory_xact_lock(:lock)")
        .param("lock", LOCK)
        .query((row, n) -> true)
        .list();
  }

  private static void migrate(CatalogDatabase catalog) {
    boolean there =
        catalog
            .client()
            .sql(
                "SELECT to_regclass('%s.schema_version') IS NOT NULL".formatted(CatalogPool.SCHEMA))
            .query(Boolean.class)
            .single();
    int found = there ? version(catalog) : 0;
    if (found > StateSchema.newest()) {
      throw new Fault(
          FaultCode.STORAGE_REFUSED,
          "The catalog %s was written by a newer Ingot (schema %d, this one knows %d): update this server"
              .formatted(catalog.url(), found, StateSchema.newest()));
    }
    if (found == StateSchema.newest()) {
      return;
    }
    if (!there) {
      update(catalog, "CREATE SCHEMA IF NOT EXISTS " + CatalogPool.SCHEMA);
      update(catalog, "CREATE TABLE schema_version (version integer NOT NULL)");
    }
    for (int version = found + 1; version <= StateSchema.newest(); version++) {
      StateSchema.control(version).forEach(statement -> update(catalog, statement));
    }
    SHARED.forEach(statement -> update(catalog, statement));
    update(catalog, "INSERT INTO schema_version VALUES (%d)".formatted(StateSchema.newest()));
  }

  private static int version(CatalogDatabase catalog) {
    return catalog
        .client()
        .sql("SELECT coalesce(max(version), 0) FROM schema_version")
        .query(Integer.class)
        .single();
  }

  private static void update(CatalogDatabase catalog, String statement) {
    catalog.client().sql(statement).update();
  }
}
