package dev.ingot.state;

import dev.ingot.engine.Lake;
import dev.ingot.fault.Fault;
import dev.ingot.materialization.Claim;
import dev.ingot.project.CatalogUrl;
import dev.ingot.project.LeaseSettings;
import dev.ingot.project.MaterializationStorage;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;
import dev.ingot.project.WorkerIdentity;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
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
final class CatalogHome implements ControlHome, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CatalogHome.class);

  /** For the outcome of a commit to be known. */
  private static final Duration SETTLING = Duration.ofSeconds(30);

  private static final Duration AGAIN = Duration.ofMillis(200);

  /** So long a catalog that didn't answer isn't asked again, by whoever comes. */
  private static final Duration REST = Duration.ofSeconds(2);

  private final ProjectName project;
  private final MaterializationStorage storage;
  private final CatalogDatabase catalog;
  private final LakeInstance lake;
  private final LakeFiles files;
  private final VersionEntries entries;
  private final Tenure tenure;
  private final CatalogLeases leases;
  private final Duration live;
  private volatile boolean ready;
  private @Nullable Fault failure;
  private long failed;

  CatalogHome(
      ProjectName project,
      MaterializationStorage storage,
      LakeInstance lake,
      WorkerIdentity worker,
      LeaseSettings settings) {
    this.project = project;
    this.storage = storage;
    this.lake = lake;
    catalog = new CatalogDatabase(storage.catalog(), settings, project.value());
    files = new LakeFiles(lake);
    entries = new KnownEntries(new LakeEntries(lake));
    live = settings.live();
    tenure = tenure(worker, settings);
    leases = new CatalogLeases(catalog, tenure, settings, System::nanoTime);
  }

  private static Tenure tenure(WorkerIdentity worker, LeaseSettings settings) {
    String now = "(clock_timestamp() AT TIME ZONE 'UTC')";
    String after = now + " + interval '%d milliseconds'";
    long patience = settings.patience().toMillis();
    return new Tenure(
        worker.id(),
        after.formatted(settings.lease().toMillis()),
        now,
        // Beyond what the database lets an open transaction stand still.
        after.formatted(patience + patience / 4));
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
      CatalogSchema.migrate(
          catalog,
          () -> {
            lake.attach();
            new LakeEntries(lake).prepare();
          });
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

  CatalogLeases leases() {
    return leases;
  }

  /** Changes what the lake lists; the servers take turns. */
  void changeLake(Consumer<Lake> work) {
    attach();
    CatalogSchema.alone(catalog, () -> work.accept(files));
  }

  @Override
  public JdbcClient client() {
    attach();
    return catalog.client();
  }

  @Override
  public <T> T write(Supplier<T> work) {
    attach();
    return catalog.write(work);
  }

  @Override
  public <T> T alone(PackageKey key, Supplier<T> work) {
    return write(() -> {
      lock(key);
      return work.get();
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
    of(row, key).update();
  }

  private JdbcClient.StatementSpec of(String sql, PackageKey key) {
    return catalog
        .client()
        .sql(sql)
        .param("project", key.project().value())
        .param("package", key.name().value());
  }

  @Override
  public Claim claim(PackageKey key, String id, Supplier<Claim> work) {
    attach();
    long asked = leases.now();
    Claim claim = alone(key, work);
    if (claim instanceof Claim.Granted) {
      leases.hold(key, id, asked);
    }
    return claim;
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
    return entries;
  }

  @Override
  public Tenure tenure() {
    return tenure;
  }

  @Override
  public String served() {
    return """
    SELECT s.version FROM serving s
    JOIN workers w ON w.worker = s.worker AND w.project = s.project
    WHERE s.project = :project AND s.package = :package
      AND w.seen_at > %s
    """
        .formatted(alive());
  }

  /** When a server must have been heard of last to be alive, as SQL. */
  String alive() {
    return "(%s - interval '%d milliseconds')".formatted(tenure.now(), live.toMillis());
  }

  @Override
  public void tell(SharedEvent event) {
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
