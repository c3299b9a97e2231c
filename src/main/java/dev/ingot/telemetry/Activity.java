package dev.ingot.telemetry;

/** What takes time: each is a timer among the metrics and a span in traces. */
public enum Activity {
  RUN("ingot.run", "project package outcome"),
  PLAN("ingot.plan", "project package outcome"),
  BUILD("ingot.build", "project package outcome"),
  PUBLICATION("ingot.publication", "outcome"),
  SWEEP("ingot.janitor.sweep", "project package"),
  QUERY("ingot.query", "answer code"),
  COMPILATION("ingot.compilation", "work outcome"),
  STATEMENT("ingot.statement", "engine operation");

  private final String meter;
  private final String labels;

  Activity(String meter, String labels) {
    this.meter = meter;
    this.labels = labels;
  }

  Named named() {
    return Named.of(meter, labels);
  }
}
