package dev.ingot.manifest;

import dev.ingot.manifest.ManifestVersion.Cause;
import dev.ingot.project.PackageKey;
import dev.ingot.threads.LockRank;
import dev.ingot.threads.RankedLock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one package is served as, and the moment in which that changes. Its methods take values and
 * no work: while the gate is held, references are looked at and set, and nothing is read or waited
 * for. Queries don't come through it, they take the reference that is there.
 *
 * <p>Whoever sees SUCCESS and then asks is answered from the new tables (promise P11), without
 * anybody waiting for a commit:
 *
 * <ol>
 *   <li>What a publication will serve is complete before its commit begins, and announced here.
 *   <li>It commits outside the gate, and then serves what it announced.
 *   <li>Whoever reads from the records that it was published serves what is announced in its stead,
 *       before telling anybody ({@link #finish(Cause)}). The records said so, hence the commit was
 *       made, hence it was announced before; now it is either still announced, and is served here,
 *       or was served already. It is served once, whoever comes first.
 *   <li>A publication whose commit fails withdraws what it announced. Where it can't be known what
 *       came of the commit, it stays announced, and the records decide, until something else is
 *       served.
 * </ol>
 *
 * <p>So what is shown of a run is what the records say, never less: a start that the records grant
 * is granted while no run is shown as RUNNING beside it (promise P3).
 */
final class PackageGate {

  private final RankedLock gate;

  /** Those that were served before and that a query may still hold. */
  private final Set<ServedPackage> retired = ConcurrentHashMap.newKeySet();

  private volatile Optional<ServedPackage> served = Optional.empty();

  /** Guarded by the gate. */
  private Optional<Announced> announced = Optional.empty();

  /** What is served from the moment on in which it is seen that this has published it. */
  private record Announced(Cause by, ServedPackage next) {}

  PackageGate(PackageKey key) {
    gate = new RankedLock(LockRank.GATE, key);
  }

  /** What answers queries now. */
  Optional<ServedPackage> served() {
    return served;
  }

  /**
   * Serves it from now on; what was announced before is not served any more.
   *
   * @return what was served before
   */
  Optional<ServedPackage> serve(ServedPackage next) {
    return gate.hold(() -> {
      announced = Optional.empty();
      return replace(Optional.of(next));
    });
  }

  /** Serves nothing any more. */
  void retire() {
    var _ =
        gate.hold(() -> {
          announced = Optional.empty();
          return replace(Optional.empty());
        });
  }

  /** From here on it is served as soon as anybody sees that it was published. */
  void announce(Cause by, ServedPackage next) {
    var _ = gate.hold(() -> announced = Optional.of(new Announced(by, next)));
  }

  /** It was not published. */
  void withdraw(Cause by) {
    var _ = gate.hold(() -> announced = announced.filter(one -> !one.by().equals(by)));
  }

  /**
   * Serves what was announced, if this has published it and nobody was faster.
   *
   * @return what was served before; empty also when there was nothing to do
   */
  Optional<ServedPackage> finish(Cause published) {
    return finish(one -> one.by().equals(published));
  }

  /** The same for who has seen the version on record. */
  Optional<ServedPackage> finish(ManifestVersion published) {
    // Two in a row may have one cause.
    return finish(one ->
        one.by().equals(published.cause()) && one.next().versionNumber() == published.number());
  }

  private Optional<ServedPackage> finish(Predicate<Announced> published) {
    return gate.hold(() -> {
      Optional<Announced> found = announced.filter(published);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      announced = Optional.empty();
      return replace(found.map(Announced::next));
    });
  }

  private Optional<ServedPackage> replace(Optional<ServedPackage> next) {
    Optional<ServedPackage> before = served;
    // First, so that no moment has it in neither place.
    before.ifPresent(retired::add);
    served = next;
    return before;
  }

  /** Ids of the generations that answer queries now or that a query still reads. */
  Set<String> held() {
    return gate.hold(() -> {
      var held = new HashSet<String>();
      retired.removeIf(one -> one.pins() == 0);
      retired.forEach(one -> held.addAll(one.generations()));
      served.ifPresent(one -> held.addAll(one.generations()));
      return held;
    });
  }

  /** The versions that a query reads now. */
  Set<Long> read() {
    return gate.hold(() ->
        Stream.concat(served.stream(), retired.stream())
            .filter(one -> one.pins() > 0)
            .map(ServedPackage::versionNumber)
            .collect(Collectors.toSet()));
  }

  /**
   * Waits until no query reads what was served before.
   *
   * @return false when one still does after that time
   */
  boolean awaitReaders(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    return retired.stream().allMatch(one -> one.awaitUnpinned(end));
  }
}
