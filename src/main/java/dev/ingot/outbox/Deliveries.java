package dev.ingot.outbox;

import dev.ingot.fault.Fault;
import dev.ingot.fault.Printable;
import dev.ingot.materialization.MaterializationStore;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectService;
import dev.ingot.telemetry.Count;
import dev.ingot.telemetry.Telemetry;
import dev.ingot.threads.Tasks;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Tells receivers what lies in the outbox: each his events one after the other, so that one who is
 * slow keeps nobody waiting but himself. At least once: what a crash leaves half done is told
 * again.
 */
@Component
class Deliveries implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(Deliveries.class);

  /** For what is due again, and for what other servers have left. */
  private static final Duration ROUND = Duration.ofSeconds(1);

  /** For what nobody tells any more. */
  private static final Duration CLEANING = Duration.ofHours(1);

  /** Of receivers that nobody has any more. */
  private static final Duration KEPT = Duration.ofDays(3);

  private final ProjectService projects;
  private final Outbox outbox;
  private final List<Receivers> receivers;
  private final Tasks tasks;
  private final Clock clock;
  private final Telemetry telemetry;

  /** Those that are being told. */
  private final Set<Lane> busy = ConcurrentHashMap.newKeySet();

  private volatile Runnable endRounds = () -> {};
  private volatile Runnable endCleaning = () -> {};
  private volatile boolean running;

  Deliveries(
      ProjectService projects,
      Outbox outbox,
      List<Receivers> receivers,
      MaterializationStore runs,
      Tasks tasks,
      Clock clock,
      Telemetry telemetry) {
    this.projects = projects;
    this.outbox = outbox;
    this.receivers = receivers;
    this.tasks = tasks;
    this.clock = clock;
    this.telemetry = telemetry;
    runs.onChange((key, id) -> tell(key.project()));
  }

  private record Lane(ProjectName project, String receiver) {}

  private void round() {
    boolean outlived = receivers.stream().anyMatch(Receivers::outliveProjects);
    (outlived ? all() : projects.names()).forEach(this::tell);
  }

  /** Also those that are gone. */
  private Set<ProjectName> all() {
    var all = new LinkedHashSet<>(projects.names());
    all.addAll(outbox.projects());
    return all;
  }

  private Stream<Receiver> receivers(ProjectName project) {
    return receivers.stream().flatMap(some -> some.of(project).stream());
  }

  private void tell(ProjectName project) {
    if (running) {
      receivers(project).forEach(receiver -> tell(project, receiver));
    }
  }

  private void tell(ProjectName project, Receiver receiver) {
    var lane = new Lane(project, receiver.id());
    if (busy.add(lane)) {
      tasks.startApart(
          "outbox-" + project,
          () -> {
            try {
              tellAll(project, receiver);
            } finally {
              busy.remove(lane);
            }
          });
    }
  }

  private void tellAll(ProjectName project, Receiver receiver) {
    Patience patience = receiver.patience();
    // Longer than it takes to tell it; then another server may.
    Duration taken = patience.longest().multipliedBy(4);
    try {
      boolean told = true;
      while (told && running) {
        Instant now = clock.instant();
        Optional<Delivery> next =
            outbox.take(project, receiver.id(), patience.inOrder(), now, now.plus(taken));
        told = next.isPresent() && tell(receiver, next.get());
      }
    } catch (Fault e) {
      log.warn("What {} is to be told of {} waits: {}", receiver, project, e.detail());
    }
  }

  /** Whether the next one may be told. */
  private boolean tell(Receiver receiver, Delivery delivery) {
    try {
      receiver.send(delivery);
      outbox.told(delivery);
      telemetry.count(Count.DELIVERIES, 1, "told");
      return true;
    } catch (Receiver.NeverTaken e) {
      giveUp(receiver, delivery, error(e));
      return true;
    } catch (IOException e) {
      Patience patience = receiver.patience();
      Instant next = clock.instant().plus(patience.pause(delivery.attempts()));
      if (next.isAfter(delivery.createdAt().plus(patience.giveUpAfter()))) {
        giveUp(receiver, delivery, error(e));
      } else {
        log.warn("The {} of {} waits until {}: {}", receiver, delivery.project(), next, error(e));
        outbox.failed(delivery, next, error(e));
        telemetry.count(Count.DELIVERIES, 1, "failed");
      }
      return false;
    }
  }

  private void giveUp(Receiver receiver, Delivery delivery, String error) {
    log.error("The {} of {} is given up: {}", receiver, delivery.project(), error);
    outbox.told(delivery);
    telemetry.count(Count.DELIVERIES, 1, "given_up");
  }

  private static String error(IOException e) {
    return Printable.of(String.valueOf(e.getMessage()));
  }

  private void clean() {
    for (ProjectName project : all()) {
      Duration kept =
          receivers(project)
              .map(receiver -> receiver.patience().giveUpAfter())
              .reduce(KEPT, (one, other) -> one.compareTo(other) < 0 ? other : one);
      try {
        outbox.forget(project, clock.instant().minus(kept));
      } catch (Fault e) {
        log.debug("The outbox of {} isn't cleaned now: {}", project, e.detail());
      }
    }
  }

  @Override
  public void start() {
    running = true;
    endCleaning = tasks.every(CLEANING, "outbox-cleaning", this::clean);
    endRounds = tasks.every(ROUND, "outbox", this::round);
  }

  @Override
  public void stop() {
    running = false;
    endRounds.run();
    endCleaning.run();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
