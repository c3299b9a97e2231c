package dev.ingot.telemetry;

/** What is counted. */
public enum Count {
  TARGETS("ingot.targets", "action reason"),
  BUILD_ROWS("ingot.build.rows", "project package"),
  RUNS_LOST("ingot.runs.lost", ""),
  DROPPED("ingot.janitor.dropped", ""),
  NOT_DROPPED("ingot.janitor.failures", ""),
  COMPILER_STARTS("ingot.compiler.starts", ""),
  DELIVERIES("ingot.deliveries", "outcome");

  private final String meter;
  private final String labels;

  Count(String meter, String labels) {
    this.meter = meter;
    this.labels = labels;
  }

  Named named() {
    return Named.of(meter, labels);
  }
}
