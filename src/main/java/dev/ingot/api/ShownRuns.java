package dev.ingot.api;

import dev.ingot.access.Caller;
import dev.ingot.manifest.ServedPackages;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.RunEvent;
import dev.ingot.project.PackageKey;
import java.util.Optional;
import java.util.function.Predicate;
import org.springframework.stereotype.Component;

/**
 * Builds as a caller may see them: without the tables that he isn't told of, and without lines of
 * models for whoever doesn't build them.
 */
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

  private static Materialization shown(
      Materialization run, Caller caller, PackageKey key, Predicate<String> tables) {
    Materialization some = run.only(tables);
    return ShownTables.all(caller, key.project()) ? some : some.withoutExcerpts();
  }

  Materialization to(Caller caller, Materialization run) {
    return shown(run, caller, run.key(), tables(caller, run.key()));
  }

  /** Empty for what is about a table that he isn't told of. */
  Optional<RunEvent> to(Caller caller, PackageKey key, RunEvent event) {
    Predicate<String> shown = tables(caller, key);
    return switch (event) {
      case RunEvent.State(String id, Materialization run) ->
          Optional.of(new RunEvent.State(id, shown(run, caller, key, shown)));
      case RunEvent.Changed(String id, Materialization run) ->
          Optional.of(new RunEvent.Changed(id, shown(run, caller, key, shown)));
      case RunEvent.TargetChanged changed ->
          Optional.<RunEvent>of(changed).filter(one -> shown.test(changed.target().buildId()));
      case RunEvent.Progress progress ->
          Optional.<RunEvent>of(progress).filter(one -> shown.test(progress.buildId()));
      case RunEvent.Ended(Materialization run) ->
          Optional.of(new RunEvent.Ended(shown(run, caller, key, shown)));
    };
  }
}
