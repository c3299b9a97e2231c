package dev.ingot.state.catalog;

import dev.ingot.fault.Fault;
import dev.ingot.materialization.SharedChanges.Listener;
import dev.ingot.project.LeaseSettings;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;
import dev.ingot.project.WorkerIdentity;
import dev.ingot.state.Columns;
import dev.ingot.state.SharedEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one server and one catalog informed of each other.
 *
 * <ol>
 *   <li>Every heartbeat: renew the leases; then, in one query, say that this server is alive and
 *       read what versions there are and which runs were lost.
 *   <li>With it, what others hold that are heard of no more is taken from them.
 *   <li>What can't be renewed in time is given up here first, whether the catalog answers or not.
 *   <li>Beside it, {@link CatalogListener} hears at once what a heartbeat would tell.
 * </ol>
 */
final class CatalogWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CatalogWatch.class);

  /** Also while the catalog doesn't answer. */
  private static final Duration FENCE = Duration.ofMillis(100);

  private final CatalogState state;
  private final ProjectName project;
  private final WorkerIdentity worker;
  private final Listener listener;
  private final LeaseSettings settings;
  private final ServingRows serving;
  private final WorkerRows workers;
  private final SilentServers silent;
  private final CatalogListener events;
  private final ScheduledExecutorService timer = timer("catalog-watch");

  /** Of its own: heartbeats wait for the catalog, and giving up in time must not. */
  private final ScheduledExecutorService fences = timer("catalog-fence");

  /** The last answer to a heartbeat, by {@link System#nanoTime}. Guarded by this. */
  private long seen = System.nanoTime();

  /** Guarded by this. */
  private long absences;

  private volatile @Nullable String failure;

  /** Used by the heartbeats alone. */
  private boolean met;

  CatalogWatch(
      CatalogState state,
      ServingRows serving,
      WorkerRows workers,
      WorkerIdentity worker,
      LeaseSettings settings,
      Listener listener) {
    this.state = state;
    this.serving = serving;
    this.workers = workers;
    silent = new SilentServers(state);
    this.project = state.project();
    this.worker = worker;
    this.settings = settings;
    this.listener = listener;
    events = new CatalogListener(state, this::heard);
    long beat = settings.heartbeat().toMillis();
    var _ = timer.scheduleWithFixedDelay(this::beat, 0, beat, TimeUnit.MILLISECONDS);
    var _ =
        fences.scheduleWithFixedDelay(
            this::fence, FENCE.toMillis(), FENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static ScheduledExecutorService timer(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        task -> Thread.ofPlatform().daemon().name(name).unstarted(task));
  }

  /**
   * Why the catalog didn't answer the last heartbeat, or that it is silent, for one that says
   * nothing holds a heartbeat up for long; empty when it answers.
   */
  Optional<String> failure() {
    String known = failure;
    if (known != null) {
      return Optional.of(known);
    }
    Duration silence = silence();
    return silence.compareTo(settings.lease().dividedBy(2)) > 0
        ? Optional.of("it hasn't answered for %d ms".formatted(silence.toMillis()))
        : Optional.empty();
  }

  /**
   * How often this server was silent for so long that the others may take it for lost, the time
   * that it has just come back from included.
   */
  long absences() {
    synchronized (this) {
      return failure == null && isAway() ? absences + 1 : absences;
    }
  }

  private boolean isAway() {
    return silence().compareTo(settings.live().dividedBy(2)) > 0;
  }

  private synchronized Duration silence() {
    return Duration.ofNanos(System.nanoTime() - seen);
  }

  /** How long ago the catalog answered a heartbeat. */
  double silenceInSeconds() {
    return silence().toMillis() / 1000.0;
  }

  private synchronized void answered() {
    if (isAway()) {
      absences++;
      serving.forget();
    }
    seen = System.nanoTime();
    if (failure != null) {
      log.info("The catalog of {} answers again", project);
      failure = null;
    }
  }

  /** One heartbeat; what fails is tried again with the next. */
  void beat() {
    try {
      List<PackageNews> news = exchange();
      answered();
      if (!met) {
        workers.removeGone();
        met = true;
      }
      silent.endTransactions();
      news.forEach(this::tell);
      listener.answered(project);
    } catch (Fault e) {
      if (failure == null && !timer.isShutdown()) {
        log.warn("Project {}: {}", project, e.detail());
      }
      failure = e.detail();
    } catch (RuntimeException e) {
      log.error("The heartbeat of {} failed", project, e);
      failure = "a heartbeat failed: " + e.getClass().getSimpleName();
    }
  }

  private List<PackageNews> exchange() {
    try {
      return ask();
    } catch (Fault e) {
      state.reconnectHeartbeats();
      if (failure != null || timer.isShutdown()) {
        throw e;
      }
      // The connection may have been lost long ago.
      log.debug("Project {}: asked again after {}", project, e.detail());
      return ask();
    }
  }

  private List<PackageNews> ask() {
    for (CatalogLeases.Held lost : state.leases().renew()) {
      listener.ended(lost.key(), lost.runId(), "it was ended by another server");
    }
    return announce();
  }

  /**
   * What the catalog knows of one package.
   *
   * @param lost a run whose server let its time pass
   */
  private record PackageNews(PackageKey key, long version, @Nullable String lost) {}

  private List<PackageNews> announce() {
    String sql =
        """
        WITH alive AS (
          INSERT INTO workers (worker, project, name, version, started_at, seen_at)
          VALUES (:worker, :project, :name, :version, :started, %1$s)
          ON CONFLICT (worker, project) DO UPDATE SET seen_at = excluded.seen_at)
        SELECT c.package,
          (SELECT coalesce(max(v.version), 0) FROM versions v
           WHERE v.project = c.project AND v.package = c.package AND v.follow) AS followed,
          (SELECT r.run FROM running r
           WHERE r.project = c.project AND r.package = c.package AND r.expires_at < %1$s) AS lost
        FROM current_versions c WHERE c.project = :project
        """
            .formatted(state.tenure().now());
    return state
        .heartbeats()
        .sql(sql)
        .param("worker", worker.id())
        .param("project", project.value())
        .param("name", worker.name())
        .param("version", worker.version())
        .param("started", Columns.time(worker.startedAt()))
        .query((row, n) ->
            new PackageNews(
                PackageKey.of(project.value(), row.getString("package")),
                row.getLong("followed"),
                row.getString("lost")))
        .list();
  }

  private void tell(PackageNews news) {
    String lost = news.lost();
    if (lost != null) {
      listener.lost(news.key(), lost);
    }
    listener.published(news.key(), news.version());
  }

  private void fence() {
    for (CatalogLeases.Held over : state.leases().expire()) {
      log.warn(
          "Run {} of {} is given up: its lease could not be renewed", over.runId(), over.key());
      try {
        listener.ended(over.key(), over.runId(), "the lease was lost");
      } catch (RuntimeException e) {
        // The timer would not come again.
        log.error("Run {} of {} could not be ended", over.runId(), over.key(), e);
      }
    }
  }

  private void heard(SharedEvent event) {
    if (event.key().project().equals(project)) {
      switch (event) {
        case SharedEvent.Ended(PackageKey key, String runId) ->
            listener.ended(key, runId, "stopped on request");
        case SharedEvent.Published published -> timer.execute(this::beat);
      }
    }
  }

  @Override
  public void close() {
    events.close();
    fences.shutdownNow();
    // After the last heartbeat, which may have opened it again.
    timer.execute(state::reconnectHeartbeats);
    timer.shutdown();
  }
}
