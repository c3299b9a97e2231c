package dev.ingot.state.store;

import dev.ingot.outbox.Delivery;
import dev.ingot.outbox.Outbox;
import dev.ingot.project.ProjectName;
import dev.ingot.state.ControlState;
import dev.ingot.state.ControlStates;
import dev.ingot.state.Session;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.springframework.stereotype.Repository;

/** {@code outbox}, where the state of each project lies. */
@Repository
class JdbcOutbox implements Outbox {

  private final ControlStates states;

  JdbcOutbox(ControlStates states) {
    this.states = states;
  }

  @Override
  public Optional<Delivery> take(
      ProjectName project, String receiver, boolean inOrder, Instant now, Instant until) {
    for (ControlState place : places(project)) {
      Optional<Delivery> taken =
          place
              .read(session -> OutboxRows.due(session, project, receiver, inOrder, now))
              .filter(due -> place.write(session -> OutboxRows.take(session, due, until)));
      if (taken.isPresent()) {
        return taken;
      }
    }
    return Optional.empty();
  }

  /** Also where it lay before it was shared. */
  private Set<ControlState> places(ProjectName project) {
    return new LinkedHashSet<>(List.of(states.of(project), states.local()));
  }

  /** In the one place where it lies. */
  private void change(Delivery delivery, Predicate<Session> work) {
    for (ControlState place : places(delivery.project())) {
      if (place.write(work::test)) {
        return;
      }
    }
  }

  @Override
  public void told(Delivery delivery) {
    change(delivery, session -> OutboxRows.remove(session, delivery.id()));
  }

  @Override
  public void failed(Delivery delivery, Instant nextAt, String error) {
    change(delivery, session -> OutboxRows.failed(session, delivery.id(), nextAt, error));
  }

  @Override
  public List<Delivery> all(ProjectName project, int most) {
    return places(project).stream()
        .flatMap(place -> place.read(session -> OutboxRows.all(session, project, most)).stream())
        .sorted(Comparator.comparing(Delivery::createdAt))
        .limit(most)
        .toList();
  }

  @Override
  public Set<ProjectName> projects() {
    return states.local().read(OutboxRows::projects);
  }

  @Override
  public void forget(ProjectName project, Instant oldest) {
    places(project)
        .forEach(place -> place.change(session -> OutboxRows.forget(session, project, oldest)));
  }
}
