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
import dev.ingot.materialization.PublicationAnswer;
import dev.ingot.materialization.RunEnd;
import dev.ingot.materialization.Sweep;
import dev.ingot.materialization.TargetReport;
import dev.ingot.project.PackageKey;
import dev.ingot.state.Columns;
import dev.ingot.state.ControlHome;
import dev.ingot.state.Homes;
import dev.ingot.state.SharedEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Repository;

/**
 * Runs in the home of their project. A package that has a row in {@code running} has a RUNNING run.
 *
 * <p>A run is claimed once, so its id is the token that fences its publication: who takes over from
 * it removes its row in {@code running}, and the last statement of a publication is that this very
 * row was there and will hold until the commit.
 */
@Repository
class JdbcMaterializationStore implements MaterializationStore {

  static final String LOST = "worker_lost";

  private final Homes homes;

  JdbcMaterializationStore(Homes homes) {
    this.homes = homes;
  }

  /** Thrown to roll back a publication. */
  private static final class NotPublished extends RuntimeException {
    private final transient PublicationAnswer answer;

    NotPublished(PublicationAnswer answer) {
      super(answer.toString());
      this.answer = answer;
    }
  }

  private RunRows runs(PackageKey key) {
    return new RunRows(homes.of(key));
  }

  @Override
  public void insert(Materialization run) {
    ControlHome home = homes.of(run.key());
    home.change(() -> new RunRows(home).insert(run));
  }

  @Override
  public void adopt(List<Materialization> history) {
    for (Materialization run : history) {
      ControlHome home = homes.of(run.key());
      var runs = new RunRows(home);
      home.change(() -> {
        if (!runs.exists(run.id())) {
          runs.insertWhole(run);
        }
      });
    }
  }

  @Override
  public void erase(PackageKey key, Instant at) {
    ControlHome home = homes.of(key);
    home.alone(
        key,
        () -> {
          new ClaimRows(home).refuseRunning(key);
          var versions = new VersionRows(home, key);
          long last = versions.current();
          if (last > 0) {
            versions.insert(
                new ManifestVersion(key, last + 1, new Cause.Teardown(), at, List.of()), "", true);
          }
          new RunRows(home).removeAll(key);
          versions.removeAllBefore();
          return key;
        });
  }

  @Override
  public Optional<Materialization> find(PackageKey key, String id) {
    return runs(key).find(key, id);
  }

  @Override
  public Optional<MaterializationStatus> status(PackageKey key, String id) {
    return runs(key).status(key, id);
  }

  @Override
  public List<Materialization> list(
      PackageKey key, @Nullable MaterializationStatus status, int limit, int offset) {
    return runs(key).list(key, status, limit, offset);
  }

  @Override
  public long count(PackageKey key, @Nullable MaterializationStatus status) {
    return runs(key).count(key, status);
  }

  @Override
  public List<Materialization> running() {
    return new RunRows(homes.local()).running();
  }

  @Override
  public Claim claim(PackageKey key, String id, Instant at) {
    ControlHome home = homes.of(key);
    return home.claim(key, id, () -> claim(home, key, id, at));
  }

  private static Claim claim(ControlHome home, PackageKey key, String id, Instant at) {
    var runs = new RunRows(home);
    Optional<Materialization> found = runs.find(key, id);
    if (found.isEmpty()) {
      return new Claim.Unknown();
    }
    MaterializationStatus status = found.get().status();
    if (!status.mayBecome(MaterializationStatus.RUNNING)) {
      return new Claim.WrongState(status);
    }
    var claims = new ClaimRows(home);
    Optional<ClaimRows.Holder> other = claims.holder(key);
    if (other.isPresent()) {
      if (!other.get().expired()) {
        return new Claim.Busy(other.get().runId());
      }
      lose(home, key, other.get().runId(), at);
    }
    claims.take(key, id);
    runs.start(id, at);
    return new Claim.Granted(found.get().started(at));
  }

  @Override
  public boolean lose(PackageKey key, String id, Instant at) {
    ControlHome home = homes.of(key);
    return home.alone(key, () -> lose(home, key, id, at));
  }

  private static boolean lose(ControlHome home, PackageKey key, String id, Instant at) {
    Problem lost = Problem.error(LOST, "The server ended while this ran; start another");
    return end(home, key, id, RunEnd.failed(at, LOST, List.of(lost)));
  }

  @Override
  public void report(
      PackageKey key, String id, List<TargetReport> targets, List<Generation> built) {
    ControlHome home = homes.of(key);
    var runs = new RunRows(home);
    home.change(() -> {
      // A run that was stopped may report its last after its record was deleted.
      if (!targets.isEmpty() && runs.exists(id)) {
        runs.report(id, targets);
      }
      built.forEach(generation -> finish(home, generation));
    });
  }

  private static void finish(ControlHome home, Generation generation) {
    home.client()
        .sql("UPDATE generations SET built_at = ?, row_count = ? WHERE id = ?")
        .param(Columns.time(generation.builtAt()))
        .param(generation.rows())
        .param(generation.id())
        .update();
  }

  @Override
  public boolean end(PackageKey key, String id, RunEnd end) {
    ControlHome home = homes.of(key);
    return home.alone(key, () -> end(home, key, id, end));
  }

  private static boolean end(ControlHome home, PackageKey key, String id, RunEnd end) {
    boolean ended = new RunRows(home).end(id, end);
    if (ended) {
      new ClaimRows(home).revoke(id);
      home.tell(new SharedEvent.Ended(key, id));
    }
    return ended;
  }

  @Override
  public PublicationAnswer publish(
      Materialization run,
      long base,
      @Nullable List<ManifestEntry> entries,
      Instant at,
      List<Problem> problems) {
    ControlHome home = homes.of(run.key());
    RunEnd end = RunEnd.success(at, problems);
    try {
      return home.settled(
          () -> {
            if (entries != null) {
              home.entries().append(run.key(), run.id(), VersionRows.rows(entries));
            }
            return home.alone(run.key(), () -> publish(home, run, base, entries, end));
          },
          () -> outcome(home, run));
    } catch (NotPublished e) {
      return e.answer;
    }
  }

  /** What came of a publication whose answer was lost; empty when it was not done. */
  private static Optional<PublicationAnswer> outcome(ControlHome home, Materialization run) {
    MaterializationStatus now =
        new RunRows(home).status(run.key(), run.id()).orElse(MaterializationStatus.FAILED);
    return switch (now) {
      case PENDING, RUNNING -> Optional.empty();
      case SUCCESS -> Optional.of(new PublicationAnswer.Done(published(home, run)));
      case FAILED, CANCELLED -> Optional.of(new PublicationAnswer.TooLate());
    };
  }

  /** The version of a run that is SUCCESS, or the current one when it has none of its own. */
  private static long published(ControlHome home, Materialization run) {
    var versions = new VersionRows(home, run.key());
    return versions.publishedBy(run.id()).orElseGet(versions::current);
  }

  private static PublicationAnswer publish(
      ControlHome home,
      Materialization run,
      long base,
      @Nullable List<ManifestEntry> entries,
      RunEnd end) {
    if (!new RunRows(home).end(run.id(), end)) {
      // An attempt before, whose commit had no answer, may have been done after it was looked for.
      return outcome(home, run).orElseGet(PublicationAnswer.TooLate::new);
    }
    var versions = new VersionRows(home, run.key());
    long current = versions.current();
    if (current != base) {
      throw new NotPublished(new PublicationAnswer.Superseded(current));
    }
    long number = entries == null ? base : base + 1;
    if (entries != null) {
      versions.insert(
          new ManifestVersion(run.key(), number, new Cause.Run(run.id()), end.at(), entries),
          run.id(),
          run.options().autoLoadManifest());
    }
    home.tell(new SharedEvent.Ended(run.key(), run.id()));
    // The fence; nothing comes between this and the commit.
    if (!new ClaimRows(home).release(run.id())) {
      throw new NotPublished(new PublicationAnswer.TooLate());
    }
    return new PublicationAnswer.Done(number);
  }

  @Override
  public boolean publish(ManifestVersion next, Set<MaterializationStatus> unless) {
    ControlHome home = homes.of(next.key());
    return home.alone(
        next.key(),
        () -> {
          boolean blocked = unless.stream().anyMatch(status -> count(next.key(), status) > 0);
          var versions = new VersionRows(home, next.key());
          Optional<String> content =
              switch (next.cause()) {
                case Cause.Run run -> throw new IllegalArgumentException("a run publishes itself");
                case Cause.Rollback(long restored) -> versions.content(restored);
                case Cause.Teardown teardown -> Optional.of("");
              };
          if (blocked || content.isEmpty() || versions.current() + 1 != next.number()) {
            return false;
          }
          versions.insert(next, content.get(), true);
          return true;
        });
  }

  @Override
  public void swept(PackageKey key, String id, Sweep sweep) {
    ControlHome home = homes.of(key);
    home.change(() -> new RunRows(home).swept(id, sweep));
  }

  @Override
  public void trim(PackageKey key, int newest) {
    ControlHome home = homes.of(key);
    var runs = new RunRows(home);
    home.change(() -> runs.old(key, newest).forEach(runs::remove));
  }

  @Override
  public boolean delete(PackageKey key, String id) {
    ControlHome home = homes.of(key);
    var runs = new RunRows(home);
    return home.write(() -> {
      boolean ended = runs.status(key, id).filter(MaterializationStatus::isTerminal).isPresent();
      if (ended) {
        runs.remove(id);
      }
      return ended;
    });
  }
}
