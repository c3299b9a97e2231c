package dev.ingot.materialization;

import dev.ingot.engine.Engine;
import dev.ingot.fault.Fault;
import dev.ingot.manifest.DeclaredViews;
import dev.ingot.manifest.DeclaredViews.Followed;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.LoadedPackage;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.manifest.RetentionSettings;
import dev.ingot.manifest.ServedPackages;
import dev.ingot.manifest.Turn;
import dev.ingot.project.PackageKey;
import dev.ingot.telemetry.Activity;
import dev.ingot.telemetry.Count;
import dev.ingot.telemetry.Telemetry;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Drops what nobody needs any more, so that nothing is orphaned for ever (promise P10). It is done
 * in a turn of the package, so no run builds or takes up anything meanwhile.
 *
 * <ol>
 *   <li>The views follow the current version. While they can't on a connection, one may still name
 *       an old table, and nothing is dropped there.
 *   <li>Versions beyond the newest different ones are forgotten, and runs beyond the newest.
 *   <li>A generation goes that was never finished; or that no retained version has and that was
 *       superseded, or left by a run that failed, longer than {@code ingot.retention.min-age} ago.
 *       One that is served, or that a query still reads, stays.
 *   <li>Its row goes after the table was seen to be gone: a drop that fails is tried again.
 *   <li>The database gives back the space.
 * </ol>
 */
@Component
class Janitor {

  private static final Logger log = LoggerFactory.getLogger(Janitor.class);

  private final ManifestStore manifests;
  private final MaterializationStore runs;
  private final ServedPackages served;
  private final DeclaredViews views;
  private final RetentionSettings settings;
  private final Clock clock;
  private final Telemetry telemetry;

  Janitor(
      ManifestStore manifests,
      MaterializationStore runs,
      ServedPackages served,
      DeclaredViews views,
      RetentionSettings settings,
      Clock clock,
      Telemetry telemetry) {
    this.manifests = manifests;
    this.runs = runs;
    this.served = served;
    this.views = views;
    this.settings = settings;
    this.clock = clock;
    this.telemetry = telemetry;
  }

  Sweep sweep(Turn turn, LoadedPackage content) {
    return sweep(turn, content, clock.instant().minus(settings.minAge()));
  }

  /** The same without regard to age. */
  Sweep sweepAll(Turn turn, LoadedPackage content) {
    return sweep(turn, content, clock.instant());
  }

  /**
   * Drops what a run made that is not on record any more. Another server took this one for lost and
   * swept, and a table that was finished after that would be nobody's.
   */
  void dropStruck(Turn turn, LoadedPackage content, List<Generation> made) {
    if (content.isShared() && !made.isEmpty()) {
      List<Generation> recorded = manifests.generations(turn.key());
      Set<String> ids = recorded.stream().map(Generation::id).collect(Collectors.toSet());
      drop(content, made.stream().filter(one -> !ids.contains(one.id())).toList());
    }
  }

  private Sweep sweep(Turn turn, LoadedPackage content, Instant before) {
    try (Telemetry.Doing sweeping = telemetry.begin(Activity.SWEEP, turn.key())) {
      return sweepNow(turn, content, before);
    }
  }

  private Sweep sweepNow(Turn turn, LoadedPackage content, Instant before) {
    PackageKey key = turn.key();
    Followed followed = views.follow(turn, content);
    Map<String, RuntimeException> behind = followed.behind();
    List<String> errors =
        Stream.concat(
                behind.entrySet().stream()
                    .map(one ->
                        "views on %s: %s".formatted(one.getKey(), one.getValue().getMessage())),
                followed.kept().stream())
            .toList();
    if (behind.values().stream().anyMatch(Fault.class::isInstance)) {
      // It isn't a database that refuses: what is on record can't be read.
      return Sweep.NOTHING.with(errors);
    }
    manifests.forgetVersions(key, settings.beyond(manifests.versions(key)));
    runs.trim(key, settings.runs());
    List<Generation> condemned =
        manifests.condemn(key, before, served.held(key)).stream()
            .filter(generation -> !behind.containsKey(generation.connection()))
            .toList();
    Sweep sweep = drop(content, condemned);
    content.connections().stream()
        .filter(connection -> !behind.containsKey(connection.name()))
        .forEach(connection -> content.engine(connection.name()).checkpoint());
    return sweep.with(errors);
  }

  private Sweep drop(LoadedPackage content, List<Generation> generations) {
    var dropped = new ArrayList<String>();
    var errors = new ArrayList<String>();
    for (Generation generation : generations) {
      try {
        content.engine(generation.connection()).drop(generation.table(), generation.mark());
        manifests.forget(generation);
        if (generation.builtAt() != null) {
          dropped.add(generation.table().toString());
        }
      } catch (Engine.EngineException | Engine.ClosedException | Fault e) {
        String error = "%s: %s".formatted(generation.table(), e.getMessage());
        log.warn("Not dropped, to be tried again: {}", error);
        errors.add(error);
      }
    }
    telemetry.count(Count.DROPPED, dropped.size());
    telemetry.count(Count.NOT_DROPPED, errors.size());
    return new Sweep(dropped, errors);
  }
}
