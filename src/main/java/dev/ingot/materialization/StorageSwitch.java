package dev.ingot.materialization;

import dev.ingot.engine.Engine;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.manifest.PackageLoading;
import dev.ingot.project.MaterializationStorage;
import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageRegistration;
import dev.ingot.project.Project;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectService;
import dev.ingot.project.StorageChange;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
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
  private final PackageLifecycle lifecycle;
  private final PackageTurns turns;
  private final ManifestStore manifests;
  private final MaterializationStore runs;
  private final PackageLoading loading;

  StorageSwitch(
      ProjectService projects,
      PackageLifecycle lifecycle,
      PackageTurns turns,
      ManifestStore manifests,
      MaterializationStore runs,
      PackageLoading loading) {
    this.projects = projects;
    this.lifecycle = lifecycle;
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
    return lifecycle.inTurn(
        name,
        () -> {
          Project before = projects.project(name);
          if (Objects.equals(before.storage(), storage)) {
            return new StorageChange(before, List.of());
          }
          List<PackageKey> keys =
              projects.packages(name).stream().map(PackageRegistration::key).toList();
          if (isSamePlace(before.storage(), storage)) {
            return here(keys, () -> swap(before, storage, keys));
          }
          return between(
              keys,
              () -> {
                refuseTables(before);
                return swap(before, storage, keys);
              });
        });
  }

  private static boolean isSamePlace(
      @Nullable MaterializationStorage before, @Nullable MaterializationStorage after) {
    return before != null && after != null && before.isSamePlace(after);
  }

  private StorageChange here(List<PackageKey> keys, Supplier<StorageChange> work) {
    return keys.isEmpty()
        ? work.get()
        : turns.here(keys.getFirst(), () -> here(keys.subList(1, keys.size()), work));
  }

  private StorageChange between(List<PackageKey> keys, Supplier<StorageChange> work) {
    return keys.isEmpty()
        ? work.get()
        : turns.between(keys.getFirst(), () -> between(keys.subList(1, keys.size()), work));
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
      Project before, @Nullable MaterializationStorage storage, List<PackageKey> keys) {
    List<Materialization> history =
        isSamePlace(before.storage(), storage) ? List.of() : history(keys);
    StorageChange change = projects.changeStorage(before.name(), storage);
    try {
      runs.adopt(history);
      reopen(keys);
    } catch (Fault | Engine.EngineException e) {
      projects.update(before);
      reopen(keys);
      throw e;
    }
    log.info(
        "Project {} has its state and tables {} now",
        before.name(),
        storage == null ? "on this server" : "at " + storage.catalog() + " and " + storage.data());
    return change;
  }

  private List<Materialization> history(List<PackageKey> keys) {
    return keys.stream()
        .flatMap(key -> runs.list(key, null, Integer.MAX_VALUE, 0).stream())
        .toList();
  }

  private void reopen(List<PackageKey> keys) {
    keys.forEach(loading::unload);
    for (PackageKey key : keys) {
      try {
        loading.reload(key);
      } catch (Fault unreadable) {
        // Its folder was that before, too; whoever asks for the package is told.
        if (unreadable.code() != FaultCode.INVALID_PACKAGE) {
          throw unreadable;
        }
        log.warn("Package {} is not served: {}", key, unreadable.detail());
      }
    }
  }
}
