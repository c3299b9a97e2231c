package dev.ingot.bench;

import java.time.Duration;
import java.util.Map;
import org.springframework.util.StringUtils;

/** What a benchmark can be told: {@code ./mvnw -Pbench verify -Dingot.bench.rounds=9}. */
final class Settings {

  static final int WIDTH = Integer.getInteger("ingot.bench.width", 10);
  static final int DEPTH = Integer.getInteger("ingot.bench.depth", 3);
  static final int ROUNDS = Integer.getInteger("ingot.bench.rounds", 5);
  static final long ROWS = Long.getLong("ingot.bench.rows", 1_000_000);

  /** Of the server, such as {@code ingot.duckdb.threads=1,ingot.build.parallelism=2}. */
  static final String[] SERVER =
      StringUtils.tokenizeToStringArray(System.getProperty("ingot.bench.settings"), ",");

  /** Between two looks at a run: who looks without one takes a processor from the build. */
  static final Duration PAUSE = Duration.ofMillis(250);

  /** DuckDB's, as the server has them by default. */
  static final Map<String, String> PROCESSORS =
      Map.of("threads", Integer.toString(Runtime.getRuntime().availableProcessors()));

  private Settings() {}
}
