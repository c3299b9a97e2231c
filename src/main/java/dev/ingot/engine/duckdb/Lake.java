package dev.ingot.engine.duckdb;

import dev.ingot.engine.TableName;
import dev.ingot.project.PackageKey;
import java.util.Collection;

/**
 * The DuckLake catalog of a shared project, on an instance that no package's SQL runs on. Its
 * tables are the generations' Parquet files, for whoever attaches the lake, and its to delete.
 */
public interface Lake {

  /**
   * Lists these files as tables of the lake; one that is listed already stays as it is.
   *
   * @param files by the table that each holds
   * @throws dev.ingot.fault.Fault CATALOG_UNAVAILABLE
   */
  void register(PackageKey key, Collection<TableFile> files);

  /**
   * Takes a file's table out of the lake and deletes the file; no error when either is gone.
   *
   * @throws dev.ingot.fault.Fault CATALOG_UNAVAILABLE
   */
  void delete(PackageKey key, TableFile file);

  /**
   * A generation's file.
   *
   * @param path as DuckDB names it
   */
  record TableFile(TableName table, String path) {}
}
