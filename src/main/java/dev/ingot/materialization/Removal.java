package dev.ingot.materialization;

/**
 * How a package or project is removed.
 *
 * @param dropTables with the views and tables that Ingot made; otherwise they stay as somebody
 *     else's
 * @param stop stops a run that is RUNNING; otherwise it keeps the package from being removed
 */
public record Removal(boolean dropTables, boolean stop) {}
