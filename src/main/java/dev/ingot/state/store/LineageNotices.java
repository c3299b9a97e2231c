package dev.ingot.state.store;

import dev.ingot.lineage.LineageEvents;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.materialization.RunEnd;
import dev.ingot.state.PackageLock;
import dev.ingot.state.Session;
import java.time.Instant;
import org.springframework.stereotype.Component;

/** Into the outbox, for who wants to know what tables are made of. */
@Component
final class LineageNotices implements Notices {

  private final LineageEvents events;

  LineageNotices(LineageEvents events) {
    this.events = events;
  }

  @Override
  public void started(PackageLock lock, String run, Instant at) {
    if (events.areWanted()) {
      OutboxRows.insert(lock.session(), events.started(lock.key(), run, at));
    }
  }

  @Override
  public void ended(PackageLock lock, String run, RunEnd end) {
    if (events.areWanted() && end.from() == MaterializationStatus.RUNNING) {
      Session session = lock.session();
      RunRows.find(session, lock.key(), run)
          .ifPresent(
              one -> events.ended(one, end).forEach(event -> OutboxRows.insert(session, event)));
    }
  }
}
