package dev.ingot.manifest;

import dev.ingot.fault.Fault;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/**
 * The served package of each registered package. Queries never wait for one: they take the
 * reference that is there, and load it where there is none.
 */
@Component
public class ServedPackages {

  private final PackageSlots slots;
  private final PackageLoading loading;
  private final SharedServing shared;

  ServedPackages(PackageSlots slots, PackageLoading loading, SharedServing shared) {
    this.slots = slots;
    this.loading = loading;
    this.shared = shared;
  }

  /**
   * What answers queries now; loaded from the folder when it isn't yet.
   *
   * @throws Fault PACKAGE_NOT_FOUND, INVALID_PACKAGE
   */
  public ServedPackage get(PackageKey key) {
    return served(key).orElseGet(() -> loading.load(key));
  }

  /** Of all packages, what answers queries now. */
  public List<ServedPackage> all() {
    return slots.all().stream().flatMap(slot -> slot.served().stream()).toList();
  }

  private Optional<ServedPackage> served(PackageKey key) {
    return slots.find(key).flatMap(PackageSlot::served);
  }

  /**
   * The same, held until the pin is closed. It was still the served one when it was pinned, so
   * whoever looks at the pins after a swap sees it.
   *
   * @throws Fault PACKAGE_NOT_FOUND, INVALID_PACKAGE
   */
  public ServedPackage.Pin pin(PackageKey key) {
    while (true) {
      slots.find(key).ifPresent(shared::refreshAfterAbsence);
      ServedPackage.Pin pin = get(key).pin();
      if (served(key).filter(now -> now == pin.served()).isPresent()) {
        return pin;
      }
      pin.close();
    }
  }

  /** Waits until the package lies where it is to lie, for a query whose database was closed. */
  public void awaitMove(PackageKey key) {
    slots.find(key).ifPresent(slot -> slot.stay(() -> key));
  }

  /** Ids of the generations that answer queries now or that a query still reads. */
  public Set<String> held(PackageKey key) {
    return slots.find(key).map(slot -> slot.gate().held()).orElse(Set.of());
  }

  /** The packages of a project that are served now, and with which version; 0 before the first. */
  public SortedMap<String, Long> versions(ProjectName project) {
    var versions = new TreeMap<String, Long>();
    for (PackageSlot slot : slots.all(project)) {
      slot.served()
          .ifPresent(served -> versions.put(slot.key().name().value(), served.versionNumber()));
    }
    return versions;
  }

  /**
   * Waits until no query reads what was served before.
   *
   * @return false when one still does after that time
   */
  public boolean awaitReaders(PackageKey key, Duration patience) {
    return slots.find(key).map(slot -> slot.gate().awaitReaders(patience)).orElse(true);
  }
}
