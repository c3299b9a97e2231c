package dev.ingot.webhook;

import dev.ingot.fault.Fault;
import dev.ingot.fault.Printable;
import dev.ingot.materialization.MaterializationStore;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectService;
import dev.ingot.project.Webhook;
import dev.ingot.telemetry.Count;
import dev.ingot.telemetry.Telemetry;
import dev.ingot.threads.Tasks;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Tells webhooks what lies in the outbox: each its events one after the other, so that one who is
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

  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  /** Longer than it takes to tell it; then another server may. */
  private static final Duration TAKEN = Sender.LONGEST.multipliedBy(4);

  private final ProjectService projects;
  private final Outbox outbox;
  private final Sender sender;
  private final WebhookSettings settings;
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
      Sender sender,
      MaterializationStore runs,
      WebhookSettings settings,
      Tasks tasks,
      Clock clock,
      Telemetry telemetry) {
    this.projects = projects;
    this.outbox = outbox;
    this.sender = sender;
    this.settings = settings;
    this.tasks = tasks;
    this.clock = clock;
    this.telemetry = telemetry;
    runs.onChange((key, id) -> tell(key.project()));
  }

  private record Lane(ProjectName project, String webhook) {}

  private void round() {
    projects.names().forEach(this::tell);
  }

  private void tell(ProjectName project) {
    if (running) {
      projects.options(project).webhooks().all().forEach(webhook -> tell(project, webhook));
    }
  }

  private void tell(ProjectName project, Webhook webhook) {
    var lane = new Lane(project, webhook.id());
    if (busy.add(lane)) {
      tasks.start(
          "webhook-" + project,
          () -> {
            try {
              tellAll(project, webhook);
            } finally {
              busy.remove(lane);
            }
          });
    }
  }

  private void tellAll(ProjectName project, Webhook webhook) {
    try {
      boolean told = true;
      while (told && running) {
        Instant now = clock.instant();
        Optional<Delivery> next = outbox.take(project, webhook.id(), now, now.plus(TAKEN));
        told = next.isPresent() && tell(webhook, next.get());
      }
    } catch (Fault e) {
      log.warn("Webhooks of project {} wait: {}", project, e.detail());
    }
  }

  /** Whether it was taken. */
  private boolean tell(Webhook webhook, Delivery delivery) {
    try {
      sender.send(webhook, delivery);
      outbox.told(delivery);
      telemetry.count(Count.DELIVERIES, 1, "told");
      return true;
    } catch (IOException e) {
      String error = Printable.of(String.valueOf(e.getMessage()));
      Instant next = clock.instant().plus(pause(delivery.attempts()));
      if (next.isAfter(delivery.createdAt().plus(settings.giveUpAfter()))) {
        log.error("The {} of {} is given up: {}", webhook, delivery.project(), error);
        outbox.told(delivery);
        telemetry.count(Count.DELIVERIES, 1, "given_up");
      } else {
        log.warn("The {} of {} waits until {}: {}", webhook, delivery.project(), next, error);
        outbox.failed(delivery, next, error);
        telemetry.count(Count.DELIVERIES, 1, "failed");
      }
      return false;
    }
  }

  private Duration pause(int failed) {
    Duration pause = settings.firstRetry();
    for (int i = 0; i < failed && pause.compareTo(LONGEST_PAUSE) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  /** Of webhooks that their projects have no more. */
  private void clean() {
    Instant oldest = clock.instant().minus(settings.giveUpAfter());
    for (ProjectName project : projects.names()) {
      try {
        outbox.forget(project, oldest);
      } catch (Fault e) {
        log.debug("The outbox of {} isn't cleaned now: {}", project, e.detail());
      }
    }
  }

  @Override
  public void start() {
    running = true;
    endCleaning = tasks.every(CLEANING, "outbox", this::clean);
    endRounds = tasks.every(ROUND, "webhooks", this::round);
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
