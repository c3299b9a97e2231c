package dev.ingot.manifest;

import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** The places of all packages that were ever asked for. */
@Component
class PackageSlots {

  private final ConcurrentHashMap<PackageKey, PackageSlot> slots = new ConcurrentHashMap<>();

  PackageSlot of(PackageKey key) {
    return slots.computeIfAbsent(key, PackageSlot::new);
  }

  /** Empty for a package that was never served. */
  Optional<PackageSlot> find(PackageKey key) {
    return Optional.ofNullable(slots.get(key));
  }

  List<PackageSlot> all() {
    return List.copyOf(slots.values());
  }

  List<PackageSlot> all(ProjectName project) {
    return slots.values().stream().filter(slot -> slot.key().project().equals(project)).toList();
  }
}
