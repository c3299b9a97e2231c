package dev.ingot.telemetry;

/** What goes up and down. */
public enum Level {
  COMPILER_PROCESSES("ingot.compiler.processes", "", "state"),
  SUBSCRIBERS("ingot.events.subscribers", "", ""),
  CATALOG_SILENCE("ingot.catalog.silence", "seconds", "project");

  private final String meter;
  private final String labels;
  private final String unit;

  Level(String meter, String unit, String labels) {
    this.meter = meter;
    this.labels = labels;
    this.unit = unit;
  }

  Named named() {
    return Named.of(meter, labels);
  }

  /** What its values are; empty where they are just numbers. */
  String unit() {
    return unit;
  }
}
