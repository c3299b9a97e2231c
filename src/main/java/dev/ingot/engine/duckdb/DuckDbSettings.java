package dev.ingot.engine.duckdb;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Each package's database.
 *
 * @param memoryLimit the most that one package's database holds in memory before it spills
 * @param threads threads of one database; 0 means one for each processor
 */
@ConfigurationProperties("ingot.duckdb")
record DuckDbSettings(@DefaultValue("2GB") DataSize memoryLimit, @DefaultValue("0") int threads) {

  int actualThreads() {
    return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
  }
}
