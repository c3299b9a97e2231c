package dev.ingot.materialization;

import dev.ingot.engine.Engine;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.manifest.PackageLoading;
import dev.ingot.manifest.PackageTurns;
import dev.ingot.manifest.Turn;
import dev.ingot.project.MaterializationStorage;
import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageRegistration;
import dev.ingot.project.Project;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectService;
import dev.ingot.project.StorageChange;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/**
 * Gives a project another storage.
 *
 * <ol>
 *   <li>Take the turn of every package, so that no run of this server is at work.
 *   <li>Refuse while the state that is left has tables on record: they would be nobody's.
 *   <li>Try the new catalog, and only then store it.
 *   <li>Move what is known of runs, and open each package's database again, with the new storage.
 *       What can't be opened puts the old storage back.
 * </ol>
 *
 * <p>Other credentials for the same place are not another place: steps 2 and the runs' records of
 * step 4 don't apply, and a catalog that refuses the old password needn't be asked.
 */
@Service
public class StorageSwitch {

  private static final Logger log = LoggerFactory.getLogger(StorageSwitch.class);

  private final ProjectService projects;
  private final ProjectChanges changes;
  private final PackageTurns turns;
  private final BetweenRuns between;
  private final ManifestStore manifests;
  private final MaterializationStore runs;
  private final PackageLoading loading;

  StorageSwitch(
      ProjectService projects,
      ProjectChanges changes,
      PackageTurns turns,
      BetweenRuns between,
      ManifestStore manifests,
      MaterializationStore runs,
      PackageLoading loading) {
    this.projects = projects;
    this.changes = changes;
    this.between = between;
    this.turns = turns;
    this.manifests = manifests;
    this.runs = runs;
    this.loading = loading;
  }

  /**
   * @param storage null for this server's own state
   * @throws Fault PROJECT_NOT_FOUND, STORAGE_REFUSED, PACKAGE_BUSY, CATALOG_UNAVAILABLE,
   *     INVALID_STORAGE; nothing is changed then
   */
  public StorageChange change(ProjectName name, @Nullable MaterializationStorage storage) {
    return changes.make(
        name,
        () -> {
          Project before = projects.project(name);
          if (Objects.equals(before.storage(), storage)) {
            return new StorageChange(before, List.of());
          }
          List<PackageKey> keys =
              projects.packages(name).stream().map(PackageRegistration::key).toList();
          if (isSamePlace(before.storage(), storage)) {
            return SeveralTurns.take(keys, turns::takeSoon, taken -> swap(before, storage, taken));
          }
          return SeveralTurns.take(
              keys,
              between::take,
              taken -> {
                refuseTables(before);
                return swap(before, storage, taken);
              });
        });
  }

  private static boolean isSamePlace(
      @Nullable MaterializationStorage before, @Nullable MaterializationStorage after) {
    return before != null && after != null && before.isSamePlace(after);
  }

  private void refuseTables(Project leaving) {
    List<String> packages =
        manifests.packages(leaving.name()).stream()
            .map(key -> key.name().value())
            .sorted()
            .toList();
    if (packages.isEmpty()) {
      return;
    }
    String path = "/api/v0/projects/%s/packages/<package>".formatted(leaving.name());
    String mend = "give them up first with POST %s/materializations/teardown".formatted(path);
    if (leaving.isShared()) {
      mend += ", or DELETE the project here, which touches nothing shared, and create it anew";
    }
    throw new Fault(
        FaultCode.STORAGE_REFUSED,
        "Project '%s' can't leave its storage while packages have tables there (%s): %s"
            .formatted(leaving.name(), String.join(", ", packages), mend));
  }

  private StorageChange swap(
      Project before, @Nullable MaterializationStorage storage, List<Turn> taken) {
    List<Materialization> history =
        isSamePlace(before.storage(), storage) ? List.of() : history(taken);
    StorageChange change = projects.changeStorage(before.name(), storage);
    try {
      runs.adopt(history);
      reopen(taken);
    } catch (Fault | Engine.EngineException e) {
      projects.update(before);
      reopen(taken);
      throw e;
    }
    log.info(
        "Project {} has its state and tables {} now",
        before.name(),
        storage == null ? "on this server" : "at " + storage.catalog() + " and " + storage.data());
    return change;
  }

  private List<Materialization> history(List<Turn> taken) {
    return taken.stream()
        .flatMap(turn -> runs.list(turn.key(), null, Integer.MAX_VALUE, 0).stream())
        .toList();
  }

  private void reopen(List<Turn> taken) {
    taken.forEach(loading::unload);
    for (Turn turn : taken) {
      try {
        loading.reload(turn.key());
      } catch (Fault unreadable) {
        // Its folder was that before, too; whoever asks for the package is told.
        if (unreadable.code() != FaultCode.INVALID_PACKAGE) {
          throw unreadable;
        }
        log.warn("Package {} is not served: {}", turn.key(), unreadable.detail());
      }
    }
  }
}
