package dev.ingot.outbox;

import java.time.Duration;

/**
 * How often somebody is told who doesn't take it.
 *
 * @param longest that one attempt takes
 * @param firstRetry how long after an attempt that failed the next one comes; each comes twice as
 *     long after the one before, up to an hour
 * @param giveUpAfter how long an event is kept for him
 * @param inOrder whether he hears of nothing before he has taken what came before it
 */
public record Patience(
    Duration longest, Duration firstRetry, Duration giveUpAfter, boolean inOrder) {

  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  /**
   * Until the next attempt.
   *
   * @param failed attempts before the one that has failed now
   */
  Duration pause(int failed) {
    Duration pause = firstRetry;
    for (int i = 0; i < failed && pause.compareTo(LONGEST_PAUSE) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }
}
