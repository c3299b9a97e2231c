package dev.ingot.manifest;

import dev.ingot.fault.Fault;
import dev.ingot.threads.Tasks;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Compiles what is served when the server starts, so that nobody's first query has to wait for it.
 * Queries are answered meanwhile; readiness waits for a while, and so who has several servers asks
 * the others.
 */
@Component
public class WarmUp {

  private static final Logger log = LoggerFactory.getLogger(WarmUp.class);

  private final PackageSlots slots;
  private final Tasks tasks;
  private final WarmUpSettings settings;

  private final CountDownLatch ended = new CountDownLatch(1);

  WarmUp(PackageSlots slots, Tasks tasks, WarmUpSettings settings) {
    this.slots = slots;
    this.tasks = tasks;
    this.settings = settings;
  }

  /** Begins, in the background. */
  public void start() {
    tasks.startAfter(settings.patience(), "warm-up-patience", ended::countDown);
    tasks.start("warm-up", this::compile);
  }

  /** Whether queries would still wait for what can soon be there. */
  public boolean isAwaited() {
    return ended.getCount() > 0;
  }

  /** What queries need and no more: a plan would take the processor from the first of them. */
  private void compile() {
    for (PackageSlot slot : slots.all()) {
      try {
        slot.served().map(ServedPackage::content).ifPresent(LoadedPackage::compile);
      } catch (Fault e) {
        // Told to whoever asks.
        log.warn("Package {} doesn't compile: {}", slot.key(), e.detail());
      }
    }
    ended.countDown();
  }
}
