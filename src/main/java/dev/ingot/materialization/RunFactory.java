package dev.ingot.materialization;

import org.springframework.stereotype.Component;

/** Makes runs with what all of them share. */
@Component
class RunFactory {

  private final BuildSettings settings;
  private final TargetBuilder builder;
  private final MaterializationStore runs;

  RunFactory(BuildSettings settings, TargetBuilder builder, MaterializationStore runs) {
    this.settings = settings;
    this.builder = builder;
    this.runs = runs;
  }

  MaterializationRun create(Materialization claimed) {
    return new MaterializationRun(
        claimed, settings.slots(), builder, new RunReports(runs, claimed.key(), claimed.id()));
  }
}
