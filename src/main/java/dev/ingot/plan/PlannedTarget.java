package dev.ingot.plan;

import dev.ingot.compile.CompiledTarget;
import dev.ingot.engine.TableName;
import dev.ingot.manifest.Generation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A target with the table name it declares and what a run does with it. */
public record PlannedTarget(CompiledTarget compiled, TableName declared, Action action) {

  /** What a run does. */
  public sealed interface Action {

    Reason reason();

    /**
     * Builds a new generation.
     *
     * @param replaces what stands for the same name in the current version; null when nothing does
     * @param changed what of its data is otherwise, in plain words
     */
    record Build(Reason reason, @Nullable Generation replaces, List<String> changed)
        implements Action {

      public Build {
        changed = List.copyOf(changed);
      }

      Build(Reason reason, @Nullable Generation replaces) {
        this(reason, replaces, List.of());
      }
    }

    /** Takes a generation that is proven to be what a build would give. */
    record Reuse(Generation generation, Reason reason) implements Action {}

    /** Nothing: it isn't selected, and there is no table of it to carry over. */
    record Leave(Reason reason) implements Action {}
  }

  /** What of its data is otherwise than when its table was built; empty where that is no reason. */
  public List<String> changedData() {
    return action instanceof Action.Build build ? build.changed() : List.of();
  }

  public String buildId() {
    return compiled.buildId();
  }
}
