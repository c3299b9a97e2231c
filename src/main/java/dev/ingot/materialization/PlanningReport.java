package dev.ingot.materialization;

import dev.ingot.compile.CompileProgress;
import dev.ingot.threads.Tasks;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts on record how far a run's plan is, behind its back and once in a while: most plans are done
 * before there is anything to say.
 */
final class PlanningReport implements Consumer<CompileProgress>, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PlanningReport.class);
  private static final Duration EVERY = Duration.ofMillis(500);

  private final MaterializationStore store;
  private final Tasks tasks;
  private final Materialization run;

  /** Null while there is nothing to write. */
  private @Nullable PlanProgress latest;

  private boolean queued;
  private boolean closed;

  PlanningReport(MaterializationStore store, Tasks tasks, Materialization run) {
    this.store = store;
    this.tasks = tasks;
    this.run = run;
  }

  @Override
  public synchronized void accept(CompileProgress progress) {
    latest =
        new PlanProgress(progress.models(), progress.modelsCompiled(), progress.sourcesPlanned());
    queue();
  }

  /** One write at a time: a store that is slow is asked no more often for it. */
  private synchronized void queue() {
    if (!queued && latest != null && !closed) {
      queued = true;
      tasks.startAfter(EVERY, "planning-" + run.id(), this::write);
    }
  }

  private synchronized @Nullable PlanProgress take() {
    PlanProgress taken = closed ? null : latest;
    latest = null;
    return taken;
  }

  private synchronized void written() {
    queued = false;
    queue();
  }

  private void write() {
    try {
      PlanProgress progress = take();
      if (progress != null) {
        store.planning(run.key(), run.id(), progress);
      }
    } catch (RuntimeException e) {
      // The next one says more, and no run ends for it.
      log.warn("How far run {} is planned is not on record: {}", run.id(), e.getMessage());
    } finally {
      written();
    }
  }

  /** What hasn't been written isn't any more. */
  @Override
  public synchronized void close() {
    closed = true;
  }
}
