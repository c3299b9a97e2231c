package dev.ingot.manifest;

import dev.ingot.fault.Fault;
import dev.ingot.manifest.ManifestVersion.Cause;
import dev.ingot.project.PackageKey;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * Publishes: commits something that is to be served, and serves it. For whoever asks, both happen
 * at once; see {@link PackageGate}.
 */
@Component
public class CutOver {

  private final PackageSlots slots;
  private final Serving serving;
  private final PackageLoading loading;
  private final ManifestStore store;

  CutOver(PackageSlots slots, Serving serving, PackageLoading loading, ManifestStore store) {
    this.slots = slots;
    this.serving = serving;
    this.loading = loading;
    this.store = store;
  }

  /**
   * @param by what publishes
   * @param next what is served as soon as it can be seen that the commit was made
   * @param done whether the commit's answer says that it was made; else what is served stays. After
   *     one that throws, the records decide
   * @return the commit's answer
   */
  public <T> T publish(
      Turn turn, Cause by, ServedPackage next, Supplier<T> commit, Predicate<T> done) {
    PackageKey key = turn.key();
    PackageSlot slot = slots.of(key);
    return slot.load(() -> {
      long absences = serving.absences(key);
      slot.gate().announce(by, next);
      T answer = commit.get();
      if (done.test(answer)) {
        serving.serveAnnounced(slot, absences, by, next);
      } else {
        slot.gate().withdraw(by);
      }
      return answer;
    });
  }

  /** To be called by whoever has read that a run is a SUCCESS, before telling anybody. */
  public void seen(PackageKey key, String run) {
    slots.find(key).ifPresent(slot -> serving.seen(slot, new Cause.Run(run)));
  }

  /**
   * To be called by who has announced a run's publication, when it is known what came of that. What
   * was loaded before that could be known has put an end to the announcement; the package is loaded
   * again then.
   *
   * @throws Fault as {@link PackageLoading#reload}
   */
  public void settle(Turn turn, String run, boolean published) {
    if (published) {
      seen(turn.key(), run);
      if (isBehind(turn.key())) {
        loading.reload(turn.key());
      }
    } else {
      slots.find(turn.key()).ifPresent(slot -> slot.gate().withdraw(new Cause.Run(run)));
    }
  }

  private boolean isBehind(PackageKey key) {
    return slots
        .find(key)
        .flatMap(PackageSlot::served)
        .filter(served -> served.versionNumber() < store.currentNumber(key))
        .isPresent();
  }

  /** To be called by whoever has read which version is the current one, before telling anybody. */
  public void seen(ManifestVersion current) {
    slots.find(current.key()).ifPresent(slot -> serving.seen(slot, current));
  }
}
