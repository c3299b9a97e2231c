package dev.ingot.engine;

/**
 * A connection of a package, as its engine tells it.
 *
 * @param tablesOn the connection that its tables are on record for: itself, unless it is another
 *     name for that one's database
 * @param dialect Malloy's word for the engine's SQL
 * @param digest what identifies the database; part of every BuildID, so without secrets, host paths
 *     or anything that differs between workers
 * @param origin what data the package's tables on it are built over; tables that were built over
 *     another origin are never taken for them
 * @param version another one when what it reaches, or how, is another: what was found out before is
 *     to be found out again
 * @param shared whether other servers build and read its tables too
 * @param limit the most tables that are built on it at once
 */
public record EngineConnection(
    String name,
    String tablesOn,
    String dialect,
    String digest,
    String origin,
    String version,
    boolean shared,
    int limit) {}
