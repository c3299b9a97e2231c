package dev.ingot.manifest;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectService;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
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

  private static final class Slot {
    final ReentrantLock gate = new ReentrantLock(true);

    /** Those that were served before and that a query may still hold. */
    final Set<ServedPackage> retired = ConcurrentHashMap.newKeySet();

    volatile @Nullable ServedPackage served;
  }

  ServedPackages(PackageLoader loader, ManifestStore store, ProjectService projects) {
    this.loader = loader;
    this.store = store;
    this.projects = projects;
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
    return pastPublication(key, () -> loader.load(projects.find(key)));
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
        key, () -> swap(slot(key), new ServedPackage(loader.load(projects.find(key)), null)));
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
          LoadedPackage content = loader.load(projects.find(key));
          return swap(slot, new ServedPackage(content, store.current(key).orElse(null)));
        });
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
            swap(slot(key), next);
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

  private ServedPackage swap(Slot slot, ServedPackage next) {
    ServedPackage before = slot.served;
    if (before != null) {
      // First, so that no moment has it in neither place.
      slot.retired.add(before);
    }
    slot.served = next;
    if (before != null && before.content() != next.content()) {
      loader.release(before.content());
    }
    return next;
  }
}
