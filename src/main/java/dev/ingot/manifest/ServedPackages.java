package dev.ingot.manifest;

import dev.ingot.engine.Engine;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.LeaseSettings;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectService;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The served package of each registered package.
 *
 * <p>A publication commits a version and swaps what is served under the package's gate, and whoever
 * looks at a run's state passes the gate too. So nobody sees SUCCESS and is then answered from the
 * tables of before (promise P11). Queries never wait: they take the reference that is there.
 */
@Component
public class ServedPackages {

  private static final Logger log = LoggerFactory.getLogger(ServedPackages.class);

  /** How long queries may go on reading a package that goes. */
  private static final Duration READERS = Duration.ofSeconds(10);

  private final ConcurrentHashMap<PackageKey, Slot> slots = new ConcurrentHashMap<>();
  private final PackageLoader loader;
  private final ManifestStore store;
  private final ProjectService projects;
  private final SharedManifests shared;
  private final LeaseSettings settings;

  private static final class Slot {
    final ReentrantLock gate = new ReentrantLock(true);

    /** Those that were served before and that a query may still hold. */
    final Set<ServedPackage> retired = ConcurrentHashMap.newKeySet();

    volatile @Nullable ServedPackage served;

    /** What {@link SharedManifests#absences} was when it was served. */
    volatile long absences;

    /**
     * Whether the catalog or the bucket did not answer, so that its tables are still to be found.
     */
    volatile boolean pending;
  }

  ServedPackages(
      PackageLoader loader,
      ManifestStore store,
      ProjectService projects,
      SharedManifests shared,
      LeaseSettings settings) {
    this.loader = loader;
    this.store = store;
    this.projects = projects;
    this.shared = shared;
    this.settings = settings;
  }

  /**
   * What answers queries now; loaded from the folder when it isn't yet.
   *
   * @throws Fault PACKAGE_NOT_FOUND, INVALID_PACKAGE
   */
  public ServedPackage get(PackageKey key) {
    Slot slot = slots.get(key);
    ServedPackage served = slot == null ? null : slot.served;
    return served != null ? served : load(key, false);
  }

  /**
   * The same, held until the pin is closed. It was still the served one when it was pinned, so
   * whoever looks at the pins after a swap sees it.
   *
   * @throws Fault PACKAGE_NOT_FOUND, INVALID_PACKAGE
   */
  public ServedPackage.Pin pin(PackageKey key) {
    while (true) {
      refreshAfterAbsence(key);
      ServedPackage.Pin pin = get(key).pin();
      Slot slot = slots.get(key);
      if (slot != null && slot.served == pin.served()) {
        return pin;
      }
      pin.close();
    }
  }

  /** Ids of the generations that answer queries now or that a query still reads. */
  public Set<String> held(PackageKey key) {
    var held = new HashSet<String>();
    Slot slot = slots.get(key);
    if (slot != null) {
      slot.retired.removeIf(retired -> retired.pins() == 0);
      slot.retired.forEach(retired -> held.addAll(retired.generations()));
      ServedPackage served = slot.served;
      if (served != null) {
        held.addAll(served.generations());
      }
    }
    return held;
  }

  /** The packages of a project that are served now, and with which version; 0 before the first. */
  public SortedMap<String, Long> versions(ProjectName project) {
    var versions = new TreeMap<String, Long>();
    slots.forEach((key, slot) -> {
      ServedPackage served = slot.served;
      if (served != null && key.project().equals(project)) {
        versions.put(key.name().value(), served.versionNumber());
      }
    });
    return versions;
  }

  /** Reads the folder and the current version again, and serves them. */
  public ServedPackage reload(PackageKey key) {
    return load(key, true);
  }

  /**
   * What lies in the folder now, compiled or not; what is served stays. Past the gate, because a
   * package that moves has its database closed and opened.
   *
   * @throws Fault PACKAGE_NOT_FOUND, INVALID_PACKAGE, CONNECTION_FAILED
   */
  public LoadedPackage read(PackageKey key) {
    return pastPublication(key, () -> readInTurn(key));
  }

  /** The same for who sees to it that the package doesn't move meanwhile. */
  public LoadedPackage readInTurn(PackageKey key) {
    return loader.load(projects.find(key));
  }

  /**
   * Changes where a package lies and serves it from there, or neither.
   *
   * @param change of the registration
   * @param undo when what lies there can't be served
   * @throws Fault INVALID_PACKAGE, PACKAGE_BUSY while queries read it
   */
  public void move(PackageKey key, Runnable change, Runnable undo) {
    // Outside the gate: a query that reads for long must not keep the others from theirs.
    if (!loader.awaitIdle(key, READERS)) {
      throw new Fault(
          FaultCode.PACKAGE_BUSY,
          "Queries of the package are still running after %d s; try again when they have ended"
              .formatted(READERS.toSeconds()));
    }
    pastPublication(
        key,
        () -> {
          change.run();
          try {
            return load(key, true);
          } catch (Fault e) {
            // What is served still lies there; a registration that says otherwise would be a lie.
            undo.run();
            throw e;
          }
        });
  }

  /** Serves a folder without the tables of the current version. */
  public ServedPackage serveWithoutTables(PackageKey key) {
    return pastPublication(
        key, () -> swap(key, slot(key), new ServedPackage(readInTurn(key), null)));
  }

  /**
   * Serves what lies in a package's folder with the current version.
   *
   * @param again also when it is served already
   * @throws Fault PACKAGE_NOT_FOUND, INVALID_PACKAGE
   */
  public ServedPackage load(PackageKey key, boolean again) {
    return pastPublication(
        key,
        () -> {
          Slot slot = slot(key);
          ServedPackage served = slot.served;
          if (served != null && !again) {
            return served;
          }
          // Found inside the gate: one found before it may have been moved or deleted since.
          LoadedPackage content = readInTurn(key);
          return swap(key, slot, withTables(key, slot, content));
        });
  }

  /**
   * With the current version; without tables when a package that isn't served yet can't reach its
   * catalog or its bucket, until they answer.
   */
  private ServedPackage withTables(PackageKey key, Slot slot, LoadedPackage content) {
    try {
      ServedPackage next = complete(content, store.current(key).orElse(null));
      slot.pending = false;
      return next;
    } catch (Fault | Engine.EngineException e) {
      if ((e instanceof Fault fault && fault.code() != FaultCode.CATALOG_UNAVAILABLE)
          || slot.served != null) {
        throw e;
      }
      log.warn("Package {} is served without tables for now: {}", key, e.getMessage());
      slot.pending = true;
      return new ServedPackage(content, null);
    }
  }

  /** What other servers built has to be made readable here. */
  private static ServedPackage complete(LoadedPackage content, @Nullable ManifestVersion version) {
    var next = new ServedPackage(content, version);
    if (content.isShared() && version != null) {
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

  /**
   * Serves a version that another server published, unless that or a newer one is served already.
   *
   * @throws Fault INVALID_PACKAGE, CATALOG_UNAVAILABLE
   */
  public void follow(PackageKey key, long number) {
    Slot slot = slots.get(key);
    if (slot == null) {
      return;
    }
    pastPublication(
        key,
        () -> {
          ServedPackage served = slot.served;
          if (served != null && served.versionNumber() < number) {
            store.versions(key).stream()
                .filter(version -> version.number() == number)
                .findFirst()
                .ifPresent(version -> swap(key, slot, complete(readInTurn(key), version)));
          }
          return key;
        });
  }

  /**
   * A server that stood still may have been taken for lost: what it serves may be gone, and what it
   * should serve another version. When the catalog doesn't answer, it goes on with what it has.
   */
  private void refreshAfterAbsence(PackageKey key) {
    Slot slot = slots.get(key);
    if (slot == null || slot.absences == shared.absences(key)) {
      return;
    }
    pastPublication(
        key,
        () -> {
          long absences = shared.absences(key);
          ServedPackage served = slot.served;
          if (served != null && slot.absences != absences) {
            try {
              refresh(key, slot, served);
              slot.absences = absences;
            } catch (Fault e) {
              log.warn("Package {} could not be refreshed: {}", key, e.detail());
            }
          }
          return key;
        });
  }

  private void refresh(PackageKey key, Slot slot, ServedPackage served) {
    boolean retained =
        store.versions(key).stream()
            .anyMatch(version -> version.number() == served.versionNumber());
    if (settings.followManifest() || !retained) {
      log.info("Package {} is loaded again: this server was away", key);
      load(key, true);
    } else {
      swap(key, slot, complete(served.content(), served.version()));
    }
  }

  /**
   * Brings the other servers up to date on what is served here, and loads what could not be loaded
   * while the catalog was away.
   */
  public void report(ProjectName project) {
    var keys = new HashSet<>(shared.reported(project));
    slots.keySet().stream().filter(key -> key.project().equals(project)).forEach(keys::add);
    keys.forEach(this::reportIfFree);
  }

  /** Whoever has the gate may wait for the catalog; the next heartbeat is soon enough. */
  private void reportIfFree(PackageKey key) {
    Slot slot = slot(key);
    if (!slot.gate.tryLock()) {
      return;
    }
    try {
      ServedPackage served = slot.served;
      if (slot.pending && served != null) {
        swap(key, slot, withTables(key, slot, served.content()));
      }
      report(key, slot, slot.served);
    } catch (Fault | Engine.EngineException e) {
      // The others' turn comes all the same, and this one's with the next heartbeat.
      log.debug("Package {} is still served without tables: {}", key, e.getMessage());
    } finally {
      slot.gate.unlock();
    }
  }

  /**
   * @param served null when the package is served no more
   */
  private void report(PackageKey key, Slot slot, @Nullable ServedPackage served) {
    var versions = new TreeSet<Long>();
    if (served != null) {
      versions.add(served.versionNumber());
    }
    slot.retired.stream()
        .filter(retired -> retired.pins() > 0)
        .forEach(retired -> versions.add(retired.versionNumber()));
    try {
      shared.serving(key, versions, served == null ? 0 : served.versionNumber());
    } catch (Fault unreachable) {
      // Told again with the next heartbeat.
      log.debug("Not written that {} is served", key, unreachable);
    }
  }

  /**
   * Commits and swaps as one step for whoever passes the gate.
   *
   * @param commit true when it was committed; otherwise what is served stays
   * @param next what is served then; null keeps what is
   */
  public boolean publish(PackageKey key, BooleanSupplier commit, @Nullable ServedPackage next) {
    return pastPublication(
        key,
        () -> {
          boolean committed = commit.getAsBoolean();
          if (committed && next != null) {
            swap(key, slot(key), next);
          }
          return committed;
        });
  }

  /** Reads state that must not be seen between a commit and its swap. */
  public <T> T pastPublication(PackageKey key, Supplier<T> read) {
    Slot slot = slot(key);
    slot.gate.lock();
    try {
      return read.get();
    } finally {
      slot.gate.unlock();
    }
  }

  /**
   * Compiles what is served, so that nobody's first query has to wait for it. What doesn't compile
   * is told to whoever asks.
   */
  public void warmUp() {
    slots.forEach((key, slot) -> {
      ServedPackage served = slot.served;
      if (served != null) {
        try {
          served.content().compiled();
        } catch (Fault e) {
          log.warn("Package {} doesn't compile: {}", key, e.detail());
        }
      }
    });
  }

  /**
   * Waits until no query reads what was served before.
   *
   * @return false when one still does after that time
   */
  public boolean awaitReaders(PackageKey key, Duration patience) {
    Slot slot = slots.get(key);
    long end = System.nanoTime() + patience.toNanos();
    return slot == null || slot.retired.stream().allMatch(retired -> retired.awaitUnpinned(end));
  }

  /** Stops serving a package, once its queries have ended or had long enough. Its files stay. */
  public void unload(PackageKey key) {
    pastPublication(
        key,
        () -> {
          Slot slot = slot(key);
          ServedPackage last = slot.served;
          if (last != null) {
            slot.retired.add(last);
            slot.served = null;
          }
          return key;
        });
    awaitReaders(key, READERS);
    pastPublication(
        key,
        () -> {
          report(key, slot(key), null);
          slots.remove(key);
          try {
            loader.unload(key);
          } catch (Fault busy) {
            log.warn("The database of {} is closed with the server: {}", key, busy.detail());
          }
          return key;
        });
  }

  private Slot slot(PackageKey key) {
    return slots.computeIfAbsent(key, k -> new Slot());
  }

  private ServedPackage swap(PackageKey key, Slot slot, ServedPackage next) {
    ServedPackage before = slot.served;
    long absences = shared.absences(key);
    if (next.content().isShared()) {
      // Before it answers a query, so that no other server drops what that reads.
      report(key, slot, next);
    }
    if (before != null) {
      // First, so that no moment has it in neither place.
      slot.retired.add(before);
    }
    slot.served = next;
    slot.absences = absences;
    if (before != null && before.content() != next.content()) {
      loader.release(before.content());
    }
    return next;
  }
}
