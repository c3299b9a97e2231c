package dev.ingot.compile;

import dev.ingot.telemetry.Count;
import dev.ingot.telemetry.Level;
import dev.ingot.telemetry.Telemetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Gives each request a process for itself, so that it is known whose request one died of.
 *
 * <ol>
 *   <li>Requests take turns on the oldest process, which has most in memory. The next one is a warm
 *       spare. Where there are processors for both, who has waited for {@link #QUEUED} takes the
 *       spare too; from then on that has the content as well, and both work.
 *   <li>A process that is silent for {@link PoolMember#PATIENCE} while it works, or works for
 *       {@link PoolMember#LONG}, is stuck. Other requests go past it to the spare, and another
 *       spare is started. Only those wait behind it that need what it works on: the same text; or,
 *       while it works on a content's models, all of that content.
 *   <li>While all processes are stuck, a text that one of them works on is given up for who waits,
 *       the oldest first.
 *   <li>When it answers after all it is the first in line again. Else its deadline ends it.
 *   <li>Every {@link #CHECK} the idle ones must answer; one that doesn't is replaced before anybody
 *       needs it.
 * </ol>
 */
@Component
class SidecarPool implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(SidecarPool.class);
  private static final Duration CHECK = Duration.ofSeconds(2);
  private static final Duration QUEUED = Duration.ofMillis(200);
  private static final boolean SEVERAL = Runtime.getRuntime().availableProcessors() > 1;

  /** The one at work and its spare. */
  private static final int READY = 2;

  private static final int ATTEMPTS = 3;

  private final ProcessStarter node;
  private final CompilerSettings settings;
  private final SidecarProcess.Surroundings surroundings;
  private final Telemetry telemetry;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition changed = lock.newCondition();
  private final List<PoolMember> members = new ArrayList<>();
  private @Nullable SidecarBoot boot;
  private volatile boolean closed;

  /** There is no process to work with, which is nobody's models' fault. */
  static final class Unavailable extends Exception {
    Unavailable(String why, @Nullable Throwable cause) {
      super(why, cause);
    }
  }

  /** A piece of work that has the process for itself. */
  interface Work<T> {
    T on(SidecarProcess process)
        throws SidecarProcess.Died, SidecarProcess.Refused, InterruptedException;
  }

  @Autowired
  SidecarPool(
      ProcessStarter node,
      CompilerSettings settings,
      JsonMapper json,
      SidecarThreads threads,
      Telemetry telemetry) {
    this(
        node,
        settings,
        new SidecarProcess.Surroundings(json, threads, System::nanoTime),
        telemetry);
  }

  SidecarPool(
      ProcessStarter node,
      CompilerSettings settings,
      SidecarProcess.Surroundings surroundings,
      Telemetry telemetry) {
    this.node = node;
    this.settings = settings;
    this.surroundings = surroundings;
    this.telemetry = telemetry;
    for (PoolMember.State state : PoolMember.State.values()) {
      var _ =
          telemetry.watch(
              Level.COMPILER_PROCESSES,
              this,
              pool -> pool.count(state),
              state.name().toLowerCase(Locale.ROOT));
    }
    tend();
    surroundings.threads().every(CHECK, this::check);
  }

  /**
   * Hands a process over. One that ends, and not by the work's doing, may have been killed from
   * outside: then the work is done again on another.
   *
   * @param content what the work is about
   * @param text over the content, on which nothing else depends; empty when it is the models
   */
  <T> T call(String content, String text, Work<T> work)
      throws Unavailable, SidecarProcess.Died, SidecarProcess.Refused, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      PoolMember member = take(content, text);
      try {
        return work.on(member.process());
      } catch (SidecarProcess.Died e) {
        if (e.byWork() || closed || attempt == ATTEMPTS) {
          throw e;
        }
        log.warn("Compiler process {}; trying again on another", e.why());
      } finally {
        giveBack(member);
      }
    }
  }

  /** The same for a content's models. */
  <T> T call(String content, Work<T> work)
      throws Unavailable, SidecarProcess.Died, SidecarProcess.Refused, InterruptedException {
    return call(content, "", work);
  }

  private PoolMember take(String content, String text) throws Unavailable, InterruptedException {
    long asked = surroundings.nanoTime().getAsLong();
    lock.lockInterruptibly();
    try {
      SidecarBoot awaited = null;
      while (true) {
        if (closed) {
          throw new Unavailable("the server is shutting down", null);
        }
        tend();
        long waited = surroundings.nanoTime().getAsLong() - asked;
        PoolMember next = next(content, text, SEVERAL && waited > QUEUED.toNanos());
        if (next != null && next.isIdle()) {
          next.take(content, text);
          return next;
        }
        if (next == null) {
          giveUpText();
          Throwable failure = awaited == null ? null : awaited.failure();
          if (failure != null) {
            throw new Unavailable("it could not be started: " + failure.getMessage(), failure);
          }
          awaited = boot;
        }
        // Nobody tells when one gets stuck, so look again and again.
        changed.awaitNanos(SignsOfLife.LOOK.toNanos());
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * The one to work on this, idle or to be waited for; null when there is none yet.
   *
   * @param late whether it has waited for long enough to make another process load the content
   */
  private @Nullable PoolMember next(String content, String text, boolean late) {
    return first(member -> member.isNeeded(content, text))
        .or(() -> first(member -> member.isIdle() && member.has(content)))
        .or(() -> first(member -> late && member.isIdle()))
        .or(() -> first(member -> member.has(content) && !member.isStuck()))
        .or(() -> first(member -> !member.isStuck()))
        .orElse(null);
  }

  private Optional<PoolMember> first(Predicate<PoolMember> such) {
    return members.stream().filter(such).findFirst();
  }

  /** For who waits, when no other process can be had. */
  private void giveUpText() {
    if (members.size() < settings.processes() || members.stream().anyMatch(PoolMember::isGivenUp)) {
      return;
    }
    members.stream()
        .filter(PoolMember::isLongAtText)
        .min(Comparator.comparingLong(PoolMember::since))
        .ifPresent(PoolMember::giveUp);
  }

  private void giveBack(PoolMember member) {
    lock.lock();
    try {
      member.giveBack();
      tend();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes away what has ended or is too many, and starts what is missing, one at a time. */
  private void tend() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      members.removeIf(member -> member.isIdle() && !member.process().isAlive());
      long ready = members.stream().filter(member -> !member.isStuck()).count();
      if (boot == null && ready < READY && members.size() < settings.processes()) {
        boot = new SidecarBoot(node, settings.startDeadline(), surroundings).start(this::started);
      }
      for (PoolMember member : List.copyOf(members.reversed())) {
        if (ready > READY && member.isIdle()) {
          members.remove(member);
          member.process().close();
          ready--;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void started(@Nullable SidecarProcess process) {
    lock.lock();
    try {
      boot = null;
      if (process != null && closed) {
        process.close();
      } else if (process != null) {
        members.add(new PoolMember(process, surroundings.nanoTime()));
        telemetry.count(Count.COMPILER_STARTS, 1);
        process.onEnd(this::tend);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many processes are in a state now. */
  private long count(PoolMember.State state) {
    lock.lock();
    try {
      return members.stream().filter(member -> member.state() == state).count();
    } finally {
      lock.unlock();
    }
  }

  private void check() {
    try {
      for (PoolMember member : idle()) {
        ping(member);
      }
      // Also where nobody asks: one may be stuck, or could not be started before.
      tend();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // It would be the last check.
      log.error("The compiler's processes could not be checked", e);
    }
  }

  private List<PoolMember> idle() {
    lock.lock();
    try {
      return members.stream().filter(PoolMember::isIdle).toList();
    } finally {
      lock.unlock();
    }
  }

  private void ping(PoolMember member) throws InterruptedException {
    lock.lock();
    try {
      if (closed || !member.isIdle() || !members.contains(member)) {
        return;
      }
      member.take("", "");
    } finally {
      lock.unlock();
    }
    try {
      member.process().request("ping", Map.of(), settings.deadline(), (m, p) -> p);
    } catch (SidecarProcess.Died | SidecarProcess.Refused e) {
      log.warn("An idle compiler process is replaced: {}", e.getMessage());
    } finally {
      giveBack(member);
    }
  }

  @Override
  public void destroy() {
    lock.lock();
    try {
      closed = true;
      members.forEach(member -> member.process().close());
      if (boot != null) {
        boot.close();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
