package dev.ingot.materialization;

import dev.ingot.compile.CompiledTarget;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.fault.Problem;
import dev.ingot.manifest.CutOver;
import dev.ingot.manifest.LoadedPackage;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.manifest.ManifestVersion.Cause;
import dev.ingot.manifest.ServedPackage;
import dev.ingot.manifest.ServedPackages;
import dev.ingot.manifest.Turn;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectService;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** The retained versions of a package, and the way back to one of them. */
@Service
public class ManifestHistory {

  private final ProjectService projects;
  private final ManifestStore manifests;
  private final MaterializationStore runs;
  private final ServedPackages served;
  private final CutOver cutOver;
  private final BetweenRuns turns;
  private final Janitor janitor;
  private final Clock clock;

  ManifestHistory(
      ProjectService projects,
      ManifestStore manifests,
      MaterializationStore runs,
      ServedPackages served,
      CutOver cutOver,
      BetweenRuns turns,
      Janitor janitor,
      Clock clock) {
    this.projects = projects;
    this.manifests = manifests;
    this.runs = runs;
    this.served = served;
    this.cutOver = cutOver;
    this.turns = turns;
    this.janitor = janitor;
    this.clock = clock;
  }

  /**
   * Newest first; the first is current.
   *
   * @throws Fault PACKAGE_NOT_FOUND
   */
  public List<ManifestVersion> versions(PackageKey key) {
    projects.find(key);
    List<ManifestVersion> versions = manifests.versions(key);
    versions.stream().findFirst().ifPresent(cutOver::seen);
    return versions;
  }

  /**
   * Publishes the next version with what an older one had, and serves it.
   *
   * @param number null means the newest that differs from the current one
   * @param force also when the version doesn't cover all that is served
   * @throws Fault VERSION_NOT_FOUND, ROLLBACK_REFUSED, PACKAGE_BUSY while a run is RUNNING
   */
  public ManifestVersion rollBack(PackageKey key, @Nullable Long number, boolean force) {
    projects.find(key);
    return turns.take(key, turn -> rollBack(turn, number, force));
  }

  private ManifestVersion rollBack(Turn turn, @Nullable Long number, boolean force) {
    PackageKey key = turn.key();
    List<ManifestVersion> retained = manifests.versions(key);
    ManifestVersion restored = choose(key, retained, number);
    LoadedPackage content = served.get(key).content();
    if (!force) {
      refuseUncovered(content, restored);
    }
    var next =
        new ManifestVersion(
            key,
            retained.getFirst().number() + 1,
            new Cause.Rollback(restored.number()),
            clock.instant(),
            restored.entries());
    var prepared = new ServedPackage(content, next);
    prepared.attachTables();
    // Forced, it may have tables that are gone.
    var _ = prepared.findMissing();
    boolean published =
        cutOver.publish(
            turn,
            next.cause(),
            prepared,
            () -> runs.publish(next, Set.of(MaterializationStatus.RUNNING)),
            done -> done);
    if (!published) {
      throw new Fault(
          FaultCode.PACKAGE_BUSY,
          "A materialization of %s is RUNNING: stop it or wait for it".formatted(key));
    }
    janitor.sweep(turn, content);
    return next;
  }

  private static ManifestVersion choose(
      PackageKey key, List<ManifestVersion> retained, @Nullable Long number) {
    if (number == null) {
      return retained.stream()
          .skip(1)
          .filter(version -> !version.says(retained.getFirst().entries()))
          .findFirst()
          .orElseThrow(() ->
              new Fault(
                  FaultCode.ROLLBACK_REFUSED,
                  "Package %s has no earlier version that differs from the current one"
                      .formatted(key)));
    }
    ManifestVersion found =
        retained.stream()
            .filter(version -> version.number() == number)
            .findFirst()
            .orElseThrow(() ->
                new Fault(
                    FaultCode.VERSION_NOT_FOUND,
                    "Package %s has no version %d any more; it has %s"
                        .formatted(
                            key, number, retained.stream().map(ManifestVersion::number).toList())));
    if (found.equals(retained.getFirst())) {
      throw new Fault(
          FaultCode.ROLLBACK_REFUSED, "Version %d is the current one".formatted(number));
    }
    return found;
  }

  /** What is served now would be answered live where the version has no usable table. */
  private static void refuseUncovered(LoadedPackage content, ManifestVersion version) {
    var problems = new ArrayList<Problem>();
    for (CompiledTarget target : content.compiled().targets()) {
      boolean covered =
          version.entry(target.buildId()).filter(entry -> usable(content, entry)).isPresent();
      if (!covered) {
        CompiledTarget.Source source = target.sources().getFirst();
        problems.add(
            Problem.error(
                "not_covered",
                "Version %d has no table for '%s' as its model is now"
                    .formatted(version.number(), source.name()),
                source.model(),
                source.line(),
                source.column()));
      }
    }
    if (!problems.isEmpty()) {
      throw new Fault(
          FaultCode.ROLLBACK_REFUSED,
          "Version %d doesn't cover %d of the package's tables (first: %s); with force they are answered live"
              .formatted(version.number(), problems.size(), problems.getFirst().message()),
          problems);
    }
  }

  private static boolean usable(LoadedPackage content, ManifestEntry entry) {
    return content.isOver(entry.generation())
        && !content.built(List.of(entry.generation())).isEmpty();
  }
}
