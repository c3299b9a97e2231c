package dev.ingot.materialization;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.manifest.CutOver;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.LoadedPackage;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.manifest.ManifestVersion.Cause;
import dev.ingot.manifest.ServedPackage;
import dev.ingot.manifest.ServedPackages;
import dev.ingot.manifest.Turn;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectService;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Service;

/**
 * Gives up all tables of a package.
 *
 * <ol>
 *   <li>Publish an empty version and serve it: queries are answered live from then on (promise P1).
 *   <li>Forget the versions before it.
 *   <li>Drop the views, and each generation when no query reads it any more. What a query reads for
 *       longer than a moment is left to the janitor.
 * </ol>
 */
@Service
public class Teardown {

  private static final Duration READERS = Duration.ofSeconds(10);
  private static final Set<MaterializationStatus> ACTIVE =
      Set.of(MaterializationStatus.PENDING, MaterializationStatus.RUNNING);

  private final ProjectService projects;
  private final ManifestStore manifests;
  private final MaterializationStore runs;
  private final ServedPackages served;
  private final CutOver cutOver;
  private final BetweenRuns turns;
  private final Janitor janitor;
  private final Clock clock;

  Teardown(
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
   * What a teardown dropped, or would drop.
   *
   * @param errors why others are still there
   */
  public record Report(List<Generation> dropped, List<String> errors) {}

  /** What it would drop now. */
  public Report dryRun(PackageKey key) {
    projects.find(key);
    return new Report(built(key), List.of());
  }

  /**
   * @throws Fault PACKAGE_NOT_FOUND, PACKAGE_BUSY while a run is PENDING or RUNNING
   */
  public Report tearDown(PackageKey key) {
    projects.find(key);
    return turns.take(key, this::tearDown);
  }

  private Report tearDown(Turn turn) {
    PackageKey key = turn.key();
    LoadedPackage content = served.get(key).content();
    long current = manifests.currentNumber(key);
    var empty =
        new ManifestVersion(key, current + 1, new Cause.Teardown(), clock.instant(), List.of());
    boolean published =
        cutOver.publish(
            turn,
            empty.cause(),
            new ServedPackage(content, empty),
            () -> runs.publish(empty, ACTIVE),
            done -> done);
    if (!published) {
      throw new Fault(
          FaultCode.PACKAGE_BUSY,
          "A materialization of %s is PENDING or RUNNING: stop it before you tear down"
              .formatted(key));
    }
    manifests.forgetVersions(
        key, manifests.versions(key).stream().map(ManifestVersion::number).toList());
    served.awaitReaders(key, READERS);
    List<Generation> wanted = built(key);
    Sweep sweep = janitor.sweepAll(turn, content);
    var left = new HashSet<String>();
    manifests.generations(key).forEach(generation -> left.add(generation.id()));
    var errors = new ArrayList<String>(sweep.errors());
    wanted.stream()
        .filter(generation -> left.contains(generation.id()) && sweep.errors().isEmpty())
        .forEach(generation ->
            errors.add(
                "%s: a query still reads it; it is dropped later".formatted(generation.table())));
    return new Report(
        wanted.stream().filter(generation -> !left.contains(generation.id())).toList(), errors);
  }

  private List<Generation> built(PackageKey key) {
    return manifests.generations(key).stream()
        .filter(generation -> generation.builtAt() != null)
        .toList();
  }
}
