package dev.ingot.state.catalog;

import dev.ingot.project.LeaseSettings;
import dev.ingot.project.WorkerIdentity;
import dev.ingot.state.Tenure;
import java.time.Duration;

/** Until when servers count, by the clock of a catalog's database; all as SQL. */
record LeaseTimes(LeaseSettings settings) {

  private static final String NOW = "(clock_timestamp() AT TIME ZONE 'UTC')";

  private static final Duration REMEMBERED = Duration.ofDays(1);

  Tenure tenure(WorkerIdentity worker) {
    Duration patience = settings.patience();
    return new Tenure(
        worker.id(),
        now("+", settings.lease()),
        NOW,
        // Beyond what the database lets an open transaction stand still.
        now("+", patience.plus(patience.dividedBy(4))));
  }

  /** When a server must have been heard of last to be alive. */
  String alive() {
    return now("-", settings.live());
  }

  /** When a server must have been heard of last to hold anything. */
  String silent() {
    return now("-", settings.lease());
  }

  /** When a server that was heard of last is of no interest any more. */
  String longGone() {
    return now("-", settings.live().plus(REMEMBERED));
  }

  private static String now(String sign, Duration time) {
    return "(%s %s interval '%d milliseconds')".formatted(NOW, sign, time.toMillis());
  }
}
