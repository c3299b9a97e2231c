package dev.ingot.api;

import dev.ingot.access.Caller;
import dev.ingot.manifest.ServedPackages;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.RunEvent;
import dev.ingot.project.PackageKey;
import java.util.Optional;
import java.util.function.Predicate;
import org.springframework.stereotype.Component;

/** Builds as a caller may see them: without the tables that he isn't told of. */
@Component
class ShownRuns {

  private final ServedPackages served;

  ShownRuns(ServedPackages served) {
    this.served = served;
  }

  /** By BuildID. */
  private Predicate<String> tables(Caller caller, PackageKey key) {
    return ShownTables.to(caller, key.project(), () -> served.get(key).content());
  }

  Materialization to(Caller caller, Materialization run) {
    return run.only(tables(caller, run.key()));
  }

  /** Empty for what is about a table that he isn't told of. */
  Optional<RunEvent> to(Caller caller, PackageKey key, RunEvent event) {
    Predicate<String> shown = tables(caller, key);
    return switch (event) {
      case RunEvent.State(String id, Materialization run) ->
          Optional.of(new RunEvent.State(id, run.only(shown)));
      case RunEvent.Changed(String id, Materialization run) ->
          Optional.of(new RunEvent.Changed(id, run.only(shown)));
      case RunEvent.TargetChanged changed ->
          Optional.<RunEvent>of(changed).filter(one -> shown.test(changed.target().buildId()));
      case RunEvent.Progress progress ->
          Optional.<RunEvent>of(progress).filter(one -> shown.test(progress.buildId()));
      case RunEvent.Ended(Materialization run) -> Optional.of(new RunEvent.Ended(run.only(shown)));
    };
  }
}
