package dev.ingot.plan;

import dev.ingot.compile.CompiledTarget;
import dev.ingot.engine.TableName;
import dev.ingot.manifest.Generation;

/** A target with the table name it declares and what a run does with it. */
public record PlannedTarget(CompiledTarget compiled, TableName declared, Action action) {

  /** What a run does. */
  public sealed interface Action {

    Reason reason();

    /** Builds a new generation. */
    record Build(Reason reason) implements Action {}

    /** Takes a generation that is proven to be what a build would give. */
    record Reuse(Generation generation, Reason reason) implements Action {}
  }

  public String buildId() {
    return compiled.buildId();
  }
}
