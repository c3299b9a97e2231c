package dev.ingot.engine.duckdb;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Each package's database.
 *
 * @param memoryLimit the most that one package's database holds in memory before it spills
 * @param threads threads of one database; 0 means one for each processor
 * @param planning the most statements of a package that are planned at once, which DuckDB can't be
 *     interrupted in; 0 means one for each processor, and at least two
 */
@ConfigurationProperties("ingot.duckdb")
record DuckDbSettings(
    @DefaultValue("2GB") DataSize memoryLimit,
    @DefaultValue("0") int threads,
    @DefaultValue("0") int planning) {

  int actualThreads() {
    return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
  }

  int actualPlanning() {
    return planning > 0 ? planning : Math.max(2, Runtime.getRuntime().availableProcessors());
  }
}
