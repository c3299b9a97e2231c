package dev.ingot.state.store;

import dev.ingot.fault.Problem;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.manifest.ManifestVersion.Cause;
import dev.ingot.materialization.Claim;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.materialization.MaterializationStore;
import dev.ingot.materialization.PlanProgress;
import dev.ingot.materialization.PublicationAnswer;
import dev.ingot.materialization.RunEnd;
import dev.ingot.materialization.RunQuery;
import dev.ingot.materialization.Sweep;
import dev.ingot.materialization.TargetReport;
import dev.ingot.project.PackageKey;
import dev.ingot.state.ControlState;
import dev.ingot.state.ControlStates;
import dev.ingot.state.PackageLock;
import dev.ingot.state.Session;
import dev.ingot.state.SharedEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Repository;

/**
 * Runs where the state of their project lies. A package that has a row in {@code running} has a
 * RUNNING run.
 *
 * <p>A run is claimed once, so its id is the token that fences its publication: who takes over from
 * it removes its row in {@code running}, and the last statement of a publication is that this very
 * row was there and will hold until the commit.
 */
@Repository
class JdbcMaterializationStore implements MaterializationStore {

  private final ControlStates states;
  private final RunClaims claims;
  private final List<BiConsumer<PackageKey, String>> changed = new CopyOnWriteArrayList<>();

  JdbcMaterializationStore(ControlStates states, List<Notices> notices) {
    this.states = states;
    claims = new RunClaims(notices);
  }

  /** Thrown to roll back a publication. */
  private static final class NotPublished extends RuntimeException {
    private final transient PublicationAnswer answer;

    NotPublished(PublicationAnswer answer) {
      super(answer.toString());
      this.answer = answer;
    }
  }

  @Override
  public void insert(Materialization run) {
    states.of(run.key()).change(session -> RunRows.insert(session, run));
  }

  @Override
  public void adopt(List<Materialization> history) {
    for (Materialization run : history) {
      states
          .of(run.key())
          .change(session -> {
            if (!RunRows.exists(session, run.id())) {
              RunRows.insertWhole(session, run);
            }
          });
    }
  }

  @Override
  public void erase(PackageKey key, Instant at) {
    ControlState state = states.of(key);
    boolean erased;
    do {
      PublishedContent last = PublishedContent.current(state, key);
      erased = state.locked(key, lock -> erase(lock, last, at));
    } while (!erased);
  }

  /** False when the version is not the last one any more. */
  private static boolean erase(PackageLock lock, PublishedContent last, Instant at) {
    ClaimRows.refuseRunning(lock.session(), lock.key());
    if (!last.isCurrent(lock)) {
      return false;
    }
    if (last.number() > 0) {
      var empty =
          new ManifestVersion(lock.key(), last.number() + 1, new Cause.Teardown(), at, List.of());
      last.replace(lock, empty, "", true);
    }
    RunRows.removeAll(lock);
    VersionRows.removeAllBefore(lock);
    return true;
  }

  @Override
  public Optional<Materialization> find(PackageKey key, String id) {
    return states.of(key).read(session -> RunRows.find(session, key, id));
  }

  @Override
  public Optional<MaterializationStatus> status(PackageKey key, String id) {
    return states.of(key).read(session -> RunRows.status(session, key, id));
  }

  @Override
  public List<Materialization> list(RunQuery query) {
    return query.packages().isEmpty()
        ? List.of()
        : states.of(query.project()).read(session -> RunLists.list(session, query));
  }

  @Override
  public long count(PackageKey key, @Nullable MaterializationStatus status) {
    return states.of(key).read(session -> RunRows.count(session, key, status));
  }

  @Override
  public List<Materialization> running() {
    return states.local().read(RunRows::running);
  }

  @Override
  public Claim claim(PackageKey key, String id, Instant at) {
    return told(key, id, states.of(key).claim(key, id, lock -> claims.claim(lock, id, at)));
  }

  @Override
  public Claim begin(Materialization pending) {
    return states
        .of(pending.key())
        .claim(pending.key(), pending.id(), lock -> claims.begin(lock, pending));
  }

  @Override
  public boolean lose(PackageKey key, String id, Instant at) {
    return told(key, id, states.of(key).locked(key, lock -> claims.lose(lock, id, at)));
  }

  @Override
  public void planning(PackageKey key, String id, PlanProgress progress) {
    states.of(key).change(session -> RunRows.planning(session, id, progress));
    tell(key, id);
  }

  @Override
  public void report(
      PackageKey key, String id, List<TargetReport> targets, List<Generation> built) {
    states
        .of(key)
        .change(session -> {
          // A run that was stopped may report its last after its record was deleted.
          if (!targets.isEmpty() && RunRows.exists(session, id)) {
            TargetRows.write(session, id, targets);
          }
          built.forEach(generation -> GenerationRows.finish(session, generation));
        });
    tell(key, id);
  }

  @Override
  public boolean end(PackageKey key, String id, RunEnd end) {
    return told(key, id, states.of(key).locked(key, lock -> claims.end(lock, id, end)));
  }

  @Override
  public PublicationAnswer publish(
      Materialization run,
      long base,
      @Nullable List<ManifestEntry> entries,
      Instant at,
      List<Problem> problems) {
    PackageKey key = run.key();
    ControlState state = states.of(key);
    RunEnd end = RunEnd.success(at, problems);
    try {
      PublicationAnswer answer =
          state.settled(
              () -> {
                if (entries != null) {
                  state.entries().append(key, run.id(), PublishedContent.rows(entries));
                }
                PublishedContent before =
                    entries == null
                        ? PublishedContent.thatStays(base)
                        : PublishedContent.of(state, key, base);
                return state.locked(key, lock -> publish(lock, run, before, entries, end));
              },
              () -> state.read(session -> outcome(session, run)));
      return told(key, run.id(), answer);
    } catch (NotPublished e) {
      return e.answer;
    }
  }

  private <T> T told(PackageKey key, String id, T outcome) {
    tell(key, id);
    return outcome;
  }

  private void tell(PackageKey key, String id) {
    changed.forEach(listener -> listener.accept(key, id));
  }

  @Override
  public void onChange(BiConsumer<PackageKey, String> listener) {
    changed.add(listener);
  }

  /** What came of a publication whose answer was lost; empty when it was not done. */
  private static Optional<PublicationAnswer> outcome(Session session, Materialization run) {
    MaterializationStatus now =
        RunRows.status(session, run.key(), run.id()).orElse(MaterializationStatus.FAILED);
    return switch (now) {
      case PENDING, RUNNING -> Optional.empty();
      case SUCCESS -> Optional.of(new PublicationAnswer.Done(published(session, run)));
      case FAILED, CANCELLED -> Optional.of(new PublicationAnswer.TooLate());
    };
  }

  /** The version of a run that is SUCCESS, or the current one when it has none of its own. */
  private static long published(Session session, Materialization run) {
    return VersionRows.publishedBy(session, run.key(), run.id())
        .orElseGet(() -> CurrentRows.number(session, run.key()));
  }

  private PublicationAnswer publish(
      PackageLock lock,
      Materialization run,
      PublishedContent base,
      @Nullable List<ManifestEntry> entries,
      RunEnd end) {
    if (!claims.finish(lock, run.id(), end)) {
      // An attempt before, whose commit had no answer, may have been done after it was looked for.
      return outcome(lock.session(), run).orElseGet(PublicationAnswer.TooLate::new);
    }
    long current = CurrentRows.number(lock.session(), lock.key());
    if (current != base.number()) {
      throw new NotPublished(new PublicationAnswer.Superseded(current));
    }
    long number = entries == null ? current : current + 1;
    if (entries != null) {
      var next =
          new ManifestVersion(lock.key(), number, new Cause.Run(run.id()), end.at(), entries);
      base.replace(lock, next, run.id(), run.options().autoLoadManifest());
    }
    lock.tell(new SharedEvent.Ended(lock.key(), run.id()));
    // The fence; nothing comes between this and the commit.
    if (!ClaimRows.release(lock, run.id())) {
      throw new NotPublished(new PublicationAnswer.TooLate());
    }
    return new PublicationAnswer.Done(number);
  }

  @Override
  public boolean publish(ManifestVersion next, Set<MaterializationStatus> unless) {
    ControlState state = states.of(next.key());
    PublishedContent base = PublishedContent.of(state, next.key(), next.number() - 1);
    String left = next.cause() instanceof Cause.Teardown ? written(state, next) : "";
    return state.locked(next.key(), lock -> publish(lock, next, left, base, unless));
  }

  /** The id of what a teardown leaves in the version, which no other version ever had. */
  private static String written(ControlState state, ManifestVersion next) {
    if (next.entries().isEmpty()) {
      return "";
    }
    String id = UUID.randomUUID().toString();
    state.entries().append(next.key(), id, PublishedContent.rows(next.entries()));
    return id;
  }

  private static boolean publish(
      PackageLock lock,
      ManifestVersion next,
      String left,
      PublishedContent base,
      Set<MaterializationStatus> unless) {
    Session session = lock.session();
    boolean blocked =
        unless.stream().anyMatch(status -> RunRows.count(session, lock.key(), status) > 0);
    Optional<String> content =
        switch (next.cause()) {
          case Cause.Run run -> throw new IllegalArgumentException("a run publishes itself");
          case Cause.Rollback(long restored) -> VersionRows.content(session, lock.key(), restored);
          case Cause.Teardown teardown -> Optional.of(left);
        };
    if (blocked || content.isEmpty() || !base.isCurrent(lock)) {
      return false;
    }
    base.replace(lock, next, content.get(), true);
    return true;
  }

  @Override
  public void swept(PackageKey key, String id, Sweep sweep) {
    states.of(key).change(session -> RunRows.swept(session, id, sweep));
  }

  @Override
  public void trim(PackageKey key, int newest) {
    states
        .of(key)
        .change(session ->
            RunRows.old(session, key, newest).forEach(id -> RunRows.remove(session, id)));
  }

  @Override
  public boolean delete(PackageKey key, String id) {
    return states
        .of(key)
        .write(session -> {
          boolean ended =
              RunRows.status(session, key, id)
                  .filter(MaterializationStatus::isTerminal)
                  .isPresent();
          if (ended) {
            RunRows.remove(session, id);
          }
          return ended;
        });
  }
}
