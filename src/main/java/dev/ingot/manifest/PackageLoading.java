package dev.ingot.manifest;

import dev.ingot.engine.Engine;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectService;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Makes what is served of a package what lies in its folder, with the current version: read first,
 * under the loading lock, and served in the end.
 */
@Component
public class PackageLoading {

  private static final Logger log = LoggerFactory.getLogger(PackageLoading.class);

  /** How long queries may go on reading a package that goes. */
  private static final Duration READERS = Duration.ofSeconds(10);

  private final PackageSlots slots;
  private final PackageContents contents;
  private final ManifestStore store;
  private final ProjectService projects;
  private final Serving serving;
  private final SwitchedLinks links;

  PackageLoading(
      PackageSlots slots,
      PackageContents contents,
      ManifestStore store,
      ProjectService projects,
      Serving serving,
      SwitchedLinks links) {
    this.slots = slots;
    this.contents = contents;
    this.store = store;
    this.projects = projects;
    this.serving = serving;
    this.links = links;
  }

  /**
   * Serves what lies in a package's folder with the current version, unless it is served already.
   *
   * @throws Fault PACKAGE_NOT_FOUND, INVALID_LOCATION, INVALID_PACKAGE
   */
  public ServedPackage load(PackageKey key) {
    PackageSlot slot = slot(key);
    followLink(key);
    return slot.load(() -> slot.served().orElseGet(() -> loadNow(slot)));
  }

  /**
   * Reads the folder and the current version again, and serves them.
   *
   * @throws Fault PACKAGE_NOT_FOUND, INVALID_LOCATION, INVALID_PACKAGE, PACKAGE_BUSY when the
   *     location leads to another folder now and a run builds from the one before
   */
  public ServedPackage reload(PackageKey key) {
    PackageSlot slot = slot(key);
    links.follow(key);
    return slot.load(() -> loadNow(slot));
  }

  /** Serves a folder without the tables of the current version. */
  public ServedPackage serveWithoutTables(Turn turn) {
    PackageKey key = turn.key();
    PackageSlot slot = slot(key);
    return slot.load(() -> {
      long absences = serving.absences(key);
      return serving.serve(slot, absences, new ServedPackage(readNow(key), null));
    });
  }

  /**
   * What lies in the folder now, compiled or not; what is served stays. It waits for one that
   * moves, because its database is closed and opened, and for nothing else.
   *
   * @throws Fault PACKAGE_NOT_FOUND, INVALID_LOCATION, INVALID_PACKAGE, CONNECTION_FAILED,
   *     PACKAGE_BUSY as {@link #reload}
   */
  public LoadedPackage read(PackageKey key) {
    links.follow(key);
    return slot(key).stay(() -> readNow(key));
  }

  /** The same without waiting: nobody else moves a package in this turn. */
  public LoadedPackage read(Turn turn) {
    var _ = links.follow(turn);
    return readNow(turn.key());
  }

  /**
   * Changes where a package lies and serves it from there, or neither.
   *
   * @param change of the registration
   * @param undo when what lies there can't be served
   * @throws Fault INVALID_PACKAGE, PACKAGE_BUSY while queries read it
   */
  public void move(Turn turn, Runnable change, Runnable undo) {
    PackageKey key = turn.key();
    // Before the lock: a query that reads for long must not keep the others from theirs.
    contents.requireIdle(key);
    PackageSlot slot = slot(key);
    var _ =
        slot.load(() ->
            slot.move(() -> {
              change.run();
              try {
                return loadNow(slot);
              } catch (Fault e) {
                // What is served still lies there; a registration that says otherwise would be a
                // lie.
                undo.run();
                throw e;
              }
            }));
  }

  /** Stops serving a package, once its queries have ended or had long enough. Its files stay. */
  public void unload(Turn turn) {
    PackageKey key = turn.key();
    PackageSlot slot = slots.of(key);
    var _ =
        slot.load(() -> {
          slot.gate().retire();
          slot.setWithoutTables(false);
          slot.gate().awaitReaders(READERS);
          serving.tell(slot, Optional.empty());
          return slot.move(() -> close(key));
        });
  }

  private PackageKey close(PackageKey key) {
    try {
      contents.unload(key);
    } catch (Fault busy) {
      log.warn("The database of {} is closed with the server: {}", key, busy.detail());
    }
    return key;
  }

  /** Only of what is registered: whoever asks for a package may have made up its name. */
  private PackageSlot slot(PackageKey key) {
    return slots.of(projects.find(key).key());
  }

  /** Goes where the location leads now, unless a run builds from where it led before. */
  void followLink(PackageKey key) {
    links.followUnlessBusy(key);
  }

  /** For who has the loading lock: what was found before it may have been moved since. */
  LoadedPackage readNow(PackageKey key) {
    return contents.read(projects.find(key));
  }

  /** For who has the loading lock. */
  ServedPackage loadNow(PackageSlot slot) {
    long absences = serving.absences(slot.key());
    return serving.serve(slot, absences, withTables(slot, readNow(slot.key())));
  }

  /** Gives a package its tables that could not be reached when it was loaded. */
  void findTables(PackageSlot slot) {
    if (slot.isWithoutTables()) {
      long absences = serving.absences(slot.key());
      slot.served()
          .ifPresent(served -> serving.serve(slot, absences, withTables(slot, served.content())));
    }
  }

  /**
   * With the current version; without tables when a package that isn't served yet can't reach its
   * catalog or its bucket, until they answer.
   */
  private ServedPackage withTables(PackageSlot slot, LoadedPackage content) {
    try {
      ServedPackage next =
          complete(new ServedPackage(content, store.current(slot.key()).orElse(null)));
      slot.setWithoutTables(false);
      return next;
    } catch (Fault | Engine.EngineException e) {
      if ((e instanceof Fault fault && fault.code() != FaultCode.CATALOG_UNAVAILABLE)
          || slot.served().isPresent()) {
        throw e;
      }
      log.warn("Package {} is served without tables for now: {}", slot.key(), e.getMessage());
      slot.setWithoutTables(true);
      return new ServedPackage(content, null);
    }
  }

  /** What other servers built has to be made readable here. */
  static ServedPackage complete(ServedPackage next) {
    LoadedPackage content = next.content();
    if (content.isShared()) {
      next.attachTables();
      List<ManifestEntry> missing = next.findMissing();
      if (!missing.isEmpty()) {
        log.warn(
            "Tables of {} are gone: {}; they are computed live until a run builds them again",
            content.snapshot().key(),
            missing.stream().map(entry -> entry.generation().table()).toList());
      }
    }
    return next;
  }
}
