package dev.ingot.lineage;

import dev.ingot.engine.Dataset;
import dev.ingot.lineage.Event.Output;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.materialization.RunEnd;
import dev.ingot.outbox.Delivery;
import dev.ingot.project.PackageKey;
import dev.ingot.project.WorkerIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is told of a run: one START when it begins; when it has ended, a START and an end of each
 * table whose build began, and at last one end of the run.
 *
 * <p>Tables are told of together, from what is on record at the end: so none of them, either, is
 * left without an end by a server that dies.
 */
@Component
public class LineageEvents {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final LineageReceiver receiver;
  private final EventWriter writer;

  LineageEvents(LineageSettings settings, LineageReceiver receiver, WorkerIdentity worker) {
    this.receiver = receiver;
    writer = new EventWriter(settings.namespace(), worker.version());
  }

  /** Whether anybody is told. */
  public boolean areWanted() {
    return receiver.isThere();
  }

  /** What is told of a run that begins. */
  public Delivery started(PackageKey key, String run, Instant at) {
    return delivery(key, run, 0, at, writer.ofRun(Event.Type.START, at, key, run, null));
  }

  /**
   * What is told of a run that was RUNNING and has ended, in that order.
   *
   * @param run as it is on record
   */
  public List<Delivery> ended(Materialization run, RunEnd end) {
    var events = new ArrayList<Event>();
    var inputs = new LinkedHashSet<Dataset>();
    var outputs = new ArrayList<Output>();
    for (TargetRun target : targets(run)) {
      events.add(writer.ofTarget(Event.Type.START, target.started(), target, null));
      events.add(writer.ofTarget(target.end(end), target.endedAt(end), target, target.error(end)));
      if (target.isBuilt()) {
        inputs.addAll(target.lineage().inputs());
        outputs.add(writer.output(target.report(), target.lineage()));
      }
    }
    inputs.removeAll(tables(run));
    events.add(
        writer.ofRun(
            type(end),
            end.at(),
            run.key(),
            run.id(),
            error(run, end),
            List.copyOf(inputs),
            outputs));
    // Not before its START, whatever a clock says.
    Instant started = run.startedAt();
    Instant at = started != null && started.isAfter(end.at()) ? started : end.at();
    var deliveries = new ArrayList<Delivery>();
    for (Event event : events) {
      deliveries.add(delivery(run.key(), run.id(), deliveries.size() + 1, at, event));
    }
    return deliveries;
  }

  private static List<TargetRun> targets(Materialization run) {
    return run.targets().stream()
        .flatMap(report -> TargetRun.of(run.key(), run.id(), report).stream())
        .toList();
  }

  /** Those that the run has built itself. */
  private static Set<Dataset> tables(Materialization run) {
    return targets(run).stream()
        .filter(TargetRun::isBuilt)
        .map(target -> target.lineage().table())
        .collect(Collectors.toSet());
  }

  private static Event.Type type(RunEnd end) {
    return switch (end.to()) {
      case SUCCESS -> Event.Type.COMPLETE;
      case FAILED -> Event.Type.FAIL;
      case CANCELLED -> Event.Type.ABORT;
      case PENDING, RUNNING -> throw new IllegalArgumentException("no end: " + end.to());
    };
  }

  private static @Nullable String error(Materialization run, RunEnd end) {
    String error = end.error();
    if (end.to() != MaterializationStatus.FAILED || error == null) {
      return null;
    }
    return targets(run).stream()
        .flatMap(target -> target.hidden(error).stream())
        .findFirst()
        .orElse(error);
  }

  /**
   * @param place among the events of the run
   */
  private static Delivery delivery(PackageKey key, String run, int place, Instant at, Event event) {
    return Delivery.first(
        "%s/%06d".formatted(run, place),
        key.project(),
        LineageReceiver.ID,
        JSON.writeValueAsString(event),
        at);
  }
}
