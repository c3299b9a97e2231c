package dev.ingot.state.store;

import dev.ingot.fault.Problem;
import dev.ingot.materialization.Claim;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.materialization.RunEnd;
import dev.ingot.state.PackageLock;
import dev.ingot.state.SharedEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How a run comes to have its package, and gives it back; each is noted for who is to be told. */
final class RunClaims {

  private static final String LOST = "worker_lost";

  private final List<Notices> notices;

  RunClaims(List<Notices> notices) {
    this.notices = notices;
  }

  Claim claim(PackageLock lock, String id, Instant at) {
    Optional<Materialization> found = RunRows.find(lock.session(), lock.key(), id);
    if (found.isEmpty()) {
      return new Claim.Unknown();
    }
    MaterializationStatus status = found.get().status();
    if (!status.mayBecome(MaterializationStatus.RUNNING)) {
      return new Claim.WrongState(status);
    }
    Optional<Claim> busy = freed(lock, at);
    return busy.orElseGet(() -> take(lock, found.get(), at));
  }

  /** Nothing is inserted unless it is granted. */
  Claim begin(PackageLock lock, Materialization pending) {
    Optional<Claim> busy = freed(lock, pending.createdAt());
    return busy.orElseGet(() -> {
      RunRows.insert(lock.session(), pending);
      return take(lock, pending, pending.createdAt());
    });
  }

  /** Who has the package; empty when nobody has, any more. */
  private Optional<Claim> freed(PackageLock lock, Instant at) {
    Optional<ClaimRows.Holder> holder = ClaimRows.holder(lock.session(), lock.key());
    if (holder.isPresent() && holder.get().expired()) {
      lose(lock, holder.get().runId(), at);
      return Optional.empty();
    }
    return holder.map(one -> new Claim.Busy(one.runId()));
  }

  private Claim take(PackageLock lock, Materialization run, Instant at) {
    ClaimRows.take(lock, run.id());
    RunRows.start(lock, run.id(), at);
    notices.forEach(one -> one.started(lock, run.id(), at));
    return new Claim.Granted(run.started(at));
  }

  boolean lose(PackageLock lock, String id, Instant at) {
    Problem lost = Problem.error(LOST, "The server ended while this ran; start another");
    return end(lock, id, RunEnd.failed(at, LOST, List.of(lost)));
  }

  /** Ends a run and frees its package; false, and nothing is changed, when it was elsewhere. */
  boolean end(PackageLock lock, String id, RunEnd end) {
    boolean ended = finish(lock, id, end);
    if (ended) {
      ClaimRows.revoke(lock, id);
      lock.tell(new SharedEvent.Ended(lock.key(), id));
    }
    return ended;
  }

  /** Ends a run that keeps its package; false, and nothing is changed, when it was elsewhere. */
  boolean finish(PackageLock lock, String id, RunEnd end) {
    boolean ended = RunRows.end(lock, id, end);
    if (ended) {
      notices.forEach(one -> one.ended(lock, id, end));
    }
    return ended;
  }
}
