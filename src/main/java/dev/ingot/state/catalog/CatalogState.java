package dev.ingot.state.catalog;

import dev.ingot.engine.duckdb.Lake;
import dev.ingot.fault.Fault;
import dev.ingot.materialization.Claim;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.project.CatalogUrl;
import dev.ingot.project.LeaseSettings;
import dev.ingot.project.MaterializationStorage;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;
import dev.ingot.project.WorkerIdentity;
import dev.ingot.state.ControlState;
import dev.ingot.state.PackageLock;
import dev.ingot.state.Session;
import dev.ingot.state.SharedEvent;
import dev.ingot.state.Tenure;
import dev.ingot.state.VersionEntries;
import dev.ingot.state.lake.SharedLake;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The catalog of one shared project: its state in PostgreSQL, the entries of its versions and its
 * tables in the DuckLake beside it. It is attached on the first use.
 */
final class CatalogState implements ControlState, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CatalogState.class);

  /** For the outcome of a commit to be known. */
  private static final Duration SETTLING = Duration.ofSeconds(30);

  /** The same, for somebody who waits for an answer. */
  private static final Duration ANSWERING = Duration.ofSeconds(5);

  private static final Duration AGAIN = Duration.ofMillis(200);

  /** So long a catalog that didn't answer isn't asked again, by whoever comes. */
  private static final Duration REST = Duration.ofSeconds(2);

  private final ProjectName project;
  private final MaterializationStorage storage;
  private final CatalogConnections connections;
  private final CatalogDatabase catalog;
  private final SharedLake lake;
  private final Tenure tenure;
  private final Session session;
  private final CatalogLeases leases;
  private final LeaseTimes times;
  private volatile boolean ready;
  private @Nullable Fault failure;
  private long failed;

  CatalogState(
      ProjectName project,
      MaterializationStorage storage,
      SharedLake lake,
      WorkerIdentity worker,
      LeaseSettings settings,
      MeterRegistry meters) {
    this.project = project;
    this.storage = storage;
    this.lake = lake;
    connections = new CatalogConnections(storage.catalog(), worker.sessions());
    catalog = new CatalogDatabase(connections, settings, project.value(), meters);
    times = new LeaseTimes(settings);
    tenure = times.tenure(worker);
    session = new Session(catalog.client(), tenure, served());
    leases = new CatalogLeases(catalog.heartbeats(), tenure, settings, System::nanoTime);
  }

  /** Makes what is missing in the catalog, once; whoever comes meanwhile waits. */
  private void attach() {
    if (!ready) {
      attachOnce();
    }
  }

  private synchronized void attachOnce() {
    if (ready) {
      return;
    }
    Fault known = failure;
    if (known != null && System.nanoTime() - failed < REST.toNanos()) {
      throw new Fault(known.code(), known.detail(), known);
    }
    try {
      CatalogSchema.migrate(catalog, lake::prepare);
      ready = true;
      failure = null;
      log.info("Project {} is shared over {} and {}", project, storage.catalog(), storage.data());
    } catch (Fault e) {
      failure = e;
      failed = System.nanoTime();
      throw e;
    }
  }

  /** Whether it was attached, and so may have something of this server's in it. */
  boolean isReady() {
    return ready;
  }

  ProjectName project() {
    return project;
  }

  MaterializationStorage storage() {
    return storage;
  }

  CatalogUrl url() {
    return storage.catalog();
  }

  CatalogConnections connections() {
    return connections;
  }

  CatalogLeases leases() {
    return leases;
  }

  /** Changes what the lake lists; the servers take turns. */
  void changeLake(Consumer<Lake> work) {
    attach();
    CatalogSchema.inTurns(catalog, () -> work.accept(lake.files()));
  }

  /** For heartbeats, from one thread. */
  JdbcClient heartbeats() {
    attach();
    return catalog.heartbeats();
  }

  /** The next heartbeat connects anew. */
  void reconnectHeartbeats() {
    catalog.reconnectHeartbeats();
  }

  @Override
  public <T> T read(Function<Session, T> work) {
    attach();
    return work.apply(session);
  }

  @Override
  public <T> T write(Function<Session, T> work) {
    attach();
    return catalog.write(() -> work.apply(session));
  }

  @Override
  public <T> T locked(PackageKey key, Function<PackageLock, T> work) {
    return write(mine -> {
      lock(key);
      return work.apply(new PackageLock(key, mine, this::tell));
    });
  }

  /** In one statement: between two, the row could be erased. */
  private void lock(PackageKey key) {
    String row =
        """
        INSERT INTO current_versions (project, package, version)
        VALUES (:project, :package, 0)
        ON CONFLICT (project, package) DO UPDATE SET version = current_versions.version
        """;
    session.sql(key, row).update();
  }

  @Override
  public Claim claim(PackageKey key, String id, Function<PackageLock, Claim> work) {
    attach();
    long asked = leases.now();
    var last = new AtomicReference<Claim>();
    Claim claim;
    try {
      claim =
          locked(
              key,
              lock -> {
                last.set(work.apply(lock));
                return last.get();
              });
    } catch (CatalogDatabase.OutcomeUnknown e) {
      if (!(last.get() instanceof Claim.Granted) || !isClaimed(key, id)) {
        throw e;
      }
      claim = last.get();
    }
    if (claim instanceof Claim.Granted && !leases.hold(key, id, asked)) {
      return new Claim.WrongState(MaterializationStatus.RUNNING);
    }
    return claim;
  }

  /** After a commit without an answer; false also when that can't be known soon. */
  private boolean isClaimed(PackageKey key, String id) {
    log.warn("The claim of run {} had no answer: its outcome is looked for", id);
    String sql = "SELECT count(*) > 0 FROM running WHERE run = :run AND holder = :holder";
    long end = System.nanoTime() + ANSWERING.toNanos();
    do {
      LockSupport.parkNanos(AGAIN.toNanos());
      try {
        // Locked, for a commit that is still being made.
        return locked(
            key,
            lock ->
                lock.session()
                    .sql(sql)
                    .param("run", id)
                    .param("holder", tenure.holder())
                    .query(Boolean.class)
                    .single());
      } catch (Fault e) {
        if (!CatalogDatabase.isUnavailable(e)) {
          throw e;
        }
        log.debug("Not yet known", e);
      }
    } while (System.nanoTime() < end);
    return false;
  }

  @Override
  public <T> T settled(Supplier<T> attempt, Supplier<Optional<T>> outcome) {
    long end = System.nanoTime() + SETTLING.toNanos();
    Fault last;
    do {
      try {
        return attempt.get();
      } catch (CatalogDatabase.OutcomeUnknown e) {
        log.warn("A commit to {} had no answer: its outcome is looked for", url());
        last = e;
      } catch (Fault e) {
        if (!CatalogDatabase.isUnavailable(e)) {
          throw e;
        }
        last = e;
      }
      LockSupport.parkNanos(AGAIN.toNanos());
      try {
        Optional<T> known = outcome.get();
        if (known.isPresent()) {
          return known.get();
        }
      } catch (Fault e) {
        if (!CatalogDatabase.isUnavailable(e)) {
          throw e;
        }
        last = e;
      }
    } while (System.nanoTime() < end);
    throw last;
  }

  @Override
  public VersionEntries entries() {
    attach();
    return lake.entries();
  }

  Tenure tenure() {
    return tenure;
  }

  LeaseTimes times() {
    return times;
  }

  private String served() {
    return """
    SELECT s.version FROM serving s
    JOIN workers w ON w.worker = s.worker AND w.project = s.project
    WHERE s.project = :project AND s.package = :package
      AND w.seen_at > %s
    """
        .formatted(times.alive());
  }

  private void tell(SharedEvent event) {
    if (event instanceof SharedEvent.Ended(PackageKey key, String runId)) {
      leases.release(runId).ifPresent(this::unlessCommitted);
    }
    catalog
        .client()
        .sql("SELECT pg_notify(:channel, :text)")
        .param("channel", Notification.CHANNEL)
        .param("text", Notification.text(event))
        .query((row, n) -> true)
        .list();
  }

  /**
   * A run that goes on is renewed, and given up in time, as before. It is released before the
   * commit, because from then on a renewal that finds nothing would take it for lost.
   */
  private void unlessCommitted(CatalogLeases.Held released) {
    if (TransactionSynchronizationManager.isSynchronizationActive()) {
      TransactionSynchronizationManager.registerSynchronization(
          new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
              if (status != STATUS_COMMITTED) {
                leases.restore(released);
              }
            }
          });
    }
  }

  @Override
  public void close() {
    catalog.close();
    lake.close();
  }
}
