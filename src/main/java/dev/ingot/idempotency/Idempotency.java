package dev.ingot.idempotency;

import dev.ingot.threads.Tasks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Service;

/**
 * Carries a request out once, however often it is sent.
 *
 * <ol>
 *   <li>The first that comes with a key is on record, with an id for what it creates, before
 *       anything is done. Who else comes meanwhile is told that it is in work.
 *   <li>Its answer is on record before anybody is given it, and is all that a later one gets.
 *   <li>One that was broken off, by the end of its process or by an error of the server's, has a
 *       record and no answer. The next attempt gets the same id, and so finds what the first has
 *       created.
 * </ol>
 *
 * <p>Who works is known in memory only, as one process works on a home: what the records of an
 * earlier one leave open is nobody's.
 */
@Service
public class Idempotency implements DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(Idempotency.class);

  private static final Duration KEPT = Duration.ofHours(24);
  private static final Duration ROUND = Duration.ofHours(1);

  /** In characters. */
  private static final int LONGEST = 1_000_000;

  private final IdempotencyStore store;
  private final Clock clock;
  private final ConcurrentHashMap<String, Work> working = new ConcurrentHashMap<>();
  private final Runnable end;

  private record Work(String fingerprint) {}

  Idempotency(IdempotencyStore store, Tasks tasks, Clock clock) {
    this.store = store;
    this.clock = clock;
    end = tasks.every(ROUND, "idempotency", () -> store.forget(oldest()));
  }

  private Instant oldest() {
    return clock.instant().minus(KEPT);
  }

  /** Who gets {@link Begun.Mine} calls {@link #ended} in any case, after {@link #answer} if any. */
  public Begun begin(String scope, String fingerprint) {
    Work other = working.putIfAbsent(scope, new Work(fingerprint));
    if (other != null) {
      return other.fingerprint().equals(fingerprint) ? new Begun.InWork() : new Begun.Reused();
    }
    boolean begun = false;
    try {
      Begun known = store.begin(scope, fingerprint, clock.instant(), oldest());
      begun = known instanceof Begun.Mine;
      return known;
    } finally {
      if (!begun) {
        working.remove(scope);
      }
    }
  }

  /** Keeps an answer; without one, the next attempt looks what there is. */
  public void answer(Begun.Mine mine, KeptAnswer answer) {
    boolean fits = answer.body().length() <= LONGEST;
    try {
      store.answer(
          mine.scope(), fits ? answer : new KeptAnswer(answer.status(), answer.headers(), ""));
    } catch (RuntimeException e) {
      log.warn("An answer could not be kept; who asks again makes another attempt", e);
    }
  }

  /** Nobody works on it any more. */
  public void ended(Begun.Mine mine) {
    working.remove(mine.scope());
  }

  @Override
  public void destroy() {
    end.run();
  }
}
