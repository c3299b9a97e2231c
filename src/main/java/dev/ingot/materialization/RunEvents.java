package dev.ingot.materialization;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.PackageKey;
import dev.ingot.telemetry.Level;
import dev.ingot.telemetry.Telemetry;
import dev.ingot.threads.InOrder;
import dev.ingot.threads.Tasks;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Tells of every change of the runs that somebody watches.
 *
 * <ol>
 *   <li>What is told is what is on record: after each change of this server's, and a few times a
 *       second for what others do, the record is read and compared with what was told before.
 *   <li>The changes of a run are kept while it is watched, and a while longer, so that who was cut
 *       off misses none and hears none twice. Who comes later gets the whole state.
 * </ol>
 */
@Component
public class RunEvents implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(RunEvents.class);

  /** For who was cut off. */
  private static final Duration KEPT = Duration.ofMinutes(1);

  private final RunRecords records;
  private final BuildProgress progress;
  private final Tasks tasks;
  private final ConcurrentHashMap<Run, Watched> watched = new ConcurrentHashMap<>();
  private volatile Runnable endLooking = () -> {};
  private volatile boolean running;

  RunEvents(
      RunRecords records,
      MaterializationStore store,
      BuildProgress progress,
      Tasks tasks,
      Telemetry telemetry) {
    this.records = records;
    this.progress = progress;
    this.tasks = tasks;
    store.onChange((key, id) -> look(new Run(key, id)));
    var _ = telemetry.watch(Level.SUBSCRIBERS, this, RunEvents::count);
  }

  /** Who is told; neither method waits. */
  public interface Subscriber {

    void take(RunEvent event);

    /** Nothing more comes. */
    void end();
  }

  private record Run(PackageKey key, String id) {}

  /** A run that is watched, and the looks at it, one after the other. */
  private final class Watched {
    private final Run run;
    private final RunLog events = new RunLog();
    private final InOrder looks;

    Watched(Run run) {
      this.run = run;
      looks = new InOrder(tasks, "events-" + run.id());
    }

    void look() {
      looks.then(this::lookNow);
    }

    private void lookNow() {
      try {
        events.update(records.get(run.key(), run.id()));
        if (events.subscribers() > 0) {
          progress
              .of(run.id())
              .forEach((build, percent) -> events.tell(new RunEvent.Progress(build, percent)));
        }
      } catch (Fault e) {
        if (e.code() == FaultCode.CATALOG_UNAVAILABLE) {
          log.debug("What changed of run {} isn't known: {}", run.id(), e.detail());
        } else {
          // It is gone.
          end();
        }
      }
    }

    void end() {
      watched.remove(run, this);
      looks.close();
      events.end();
    }
  }

  /**
   * Tells of a run from now on, or from the event after one. Of one that isn't there, nothing.
   *
   * @param after the id of the last event that he has seen; null for who has seen none
   * @return ends it
   */
  public Runnable subscribe(
      PackageKey key, String id, @Nullable String after, Subscriber subscriber) {
    Watched one =
        watched.compute(
            new Run(key, id),
            (run, known) -> {
              Watched its = known == null ? new Watched(run) : known;
              // Here, as one that nobody watches may be forgotten at any time.
              its.events.subscribe(after, subscriber);
              return its;
            });
    one.look();
    if (!running) {
      one.end();
    }
    return () -> one.events.unsubscribe(subscriber);
  }

  private void look(Run run) {
    Watched one = watched.get(run);
    if (one != null) {
      one.look();
    }
  }

  private void lookAtAll() {
    for (Run run : watched.keySet()) {
      watched.computeIfPresent(run, (it, one) -> one.events.idle() > KEPT.toNanos() ? null : one);
      look(run);
    }
  }

  /** How many are told. */
  int count() {
    return watched.values().stream().mapToInt(one -> one.events.subscribers()).sum();
  }

  @Override
  public void start() {
    running = true;
    endLooking = tasks.every(RunWaits.PAUSE, "events-of-runs", this::lookAtAll);
  }

  @Override
  public void stop() {
    running = false;
    endLooking.run();
    watched.values().forEach(Watched::end);
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return RunWaits.PHASE;
  }
}
