package dev.ingot.manifest;

import dev.ingot.engine.Engine;
import dev.ingot.fault.Fault;
import dev.ingot.project.LeaseSettings;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Keeps what is served of shared projects in step with what their other servers do. */
@Component
public class SharedServing {

  private static final Logger log = LoggerFactory.getLogger(SharedServing.class);

  private final PackageSlots slots;
  private final PackageLoading loading;
  private final Serving serving;
  private final ManifestStore store;
  private final LeaseSettings settings;

  SharedServing(
      PackageSlots slots,
      PackageLoading loading,
      Serving serving,
      ManifestStore store,
      LeaseSettings settings) {
    this.slots = slots;
    this.loading = loading;
    this.serving = serving;
    this.store = store;
    this.settings = settings;
  }

  /**
   * Serves a version that another server published, unless that or a newer one is served already.
   *
   * @throws Fault INVALID_LOCATION, INVALID_PACKAGE, CATALOG_UNAVAILABLE
   */
  public void follow(PackageKey key, long number) {
    slots
        .find(key)
        .filter(slot -> isBehind(slot, number))
        .ifPresent(slot -> {
          loading.followLink(key);
          var _ =
              slot.load(() -> {
                if (isBehind(slot, number)) {
                  followNow(slot, number);
                }
                return key;
              });
        });
  }

  private static boolean isBehind(PackageSlot slot, long number) {
    return slot.served().filter(served -> served.versionNumber() < number).isPresent();
  }

  private void followNow(PackageSlot slot, long number) {
    long absences = serving.absences(slot.key());
    store
        .version(slot.key(), number)
        .map(version -> new ServedPackage(loading.readNow(slot.key()), version))
        .ifPresent(next -> serving.serve(slot, absences, PackageLoading.complete(next)));
  }

  /**
   * A server that stood still may have been taken for lost: what it serves may be gone, and what it
   * should serve another version. When the catalog doesn't answer, it goes on with what it has.
   */
  void refreshAfterAbsence(PackageSlot slot) {
    if (!slot.isOf(serving.absences(slot.key()))) {
      var _ =
          slot.load(() -> {
            long absences = serving.absences(slot.key());
            if (!slot.isOf(absences)) {
              slot.served().ifPresent(served -> refresh(slot, absences, served));
            }
            return slot;
          });
    }
  }

  private void refresh(PackageSlot slot, long absences, ServedPackage served) {
    try {
      boolean retained = store.version(slot.key(), served.versionNumber()).isPresent();
      if (settings.followManifest() || !retained) {
        log.info("Package {} is loaded again: this server was away", slot.key());
        var _ = loading.loadNow(slot);
      } else {
        ServedPackage again = new ServedPackage(served.content(), served.version());
        var _ = serving.serve(slot, absences, PackageLoading.complete(again));
      }
    } catch (Fault e) {
      log.warn("Package {} could not be refreshed: {}", slot.key(), e.detail());
    }
  }

  /**
   * Brings the other servers up to date on what is served here, and loads what could not be loaded
   * while the catalog was away.
   */
  public void report(ProjectName project) {
    // Whoever has the lock may wait for the catalog; the next heartbeat is soon enough.
    slots.all(project).forEach(slot -> slot.loadIfFree(() -> report(slot)));
  }

  private void report(PackageSlot slot) {
    try {
      loading.findTables(slot);
      serving.tell(slot, slot.served());
    } catch (Fault | Engine.EngineException | Engine.ClosedException e) {
      // The others' turn comes all the same, and this one's with the next heartbeat.
      log.debug("Package {} is still served without tables: {}", slot.key(), e.getMessage());
    }
  }
}
