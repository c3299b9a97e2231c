package dev.ingot;

import dev.ingot.materialization.RunRecovery;
import dev.ingot.query.WarmUp;
import dev.ingot.sample.SampleProject;
import dev.ingot.startup.Registrations;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * What must be done before the first request is taken: recovery, the packages, what the file and
 * the settings name, the sample.
 */
@Component
class Startup implements SmartLifecycle {

  private final RunRecovery recovery;
  private final Registrations registrations;
  private final SampleProject sample;
  private final WarmUp warmUp;
  private volatile boolean running;

  Startup(RunRecovery recovery, Registrations registrations, SampleProject sample, WarmUp warmUp) {
    this.recovery = recovery;
    this.registrations = registrations;
    this.sample = sample;
    this.warmUp = warmUp;
  }

  @Override
  public void start() {
    recovery.failLostRuns();
    recovery.loadPackages();
    if (!registrations.apply()) {
      sample.createIfEmpty();
    }
    running = true;
  }

  /** Only now, because it would take the processor from what the first request waits for. */
  @EventListener(ApplicationReadyEvent.class)
  void warmUp() {
    warmUp.start();
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Before the web server, which starts among the last. */
  @Override
  public int getPhase() {
    return 0;
  }
}
