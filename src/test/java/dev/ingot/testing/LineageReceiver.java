package dev.ingot.testing;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import tools.jackson.databind.JsonNode;

/** Somebody who is told what tables are made of, and holds each event to the schemas. */
public final class LineageReceiver implements AutoCloseable {

  private final HookReceiver receiver;

  private LineageReceiver(HookReceiver receiver) {
    this.receiver = receiver;
  }

  /**
   * @param port 0 for any
   */
  public static LineageReceiver on(int port) {
    return new LineageReceiver(HookReceiver.on(port));
  }

  public String setting() {
    return "ingot.lineage.url=" + receiver.url("/api/v1/lineage");
  }

  public int port() {
    return receiver.port();
  }

  /** What each event is answered, from now on. */
  public void answers(ToIntFunction<HookReceiver.Heard> status) {
    receiver.answers(status);
  }

  /** Everything that came, as it came. */
  public List<HookReceiver.Heard> heard() {
    return receiver.heard();
  }

  /** The events of a run and of its tables, in the order in which they came. */
  public List<JsonNode> events(String run) {
    return receiver.heard().stream()
        .map(HookReceiver.Heard::body)
        .map(OpenLineage::read)
        .filter(event -> isOf(event, run))
        .toList();
  }

  private static boolean isOf(JsonNode event, String run) {
    JsonNode its = event.path("run");
    return its.path("runId").asString().equals(run)
        || its.path("facets").path("parent").path("run").path("runId").asString("").equals(run);
  }

  /** The same, once the run's own end is among them. */
  public List<JsonNode> ended(String run) {
    Predicate<JsonNode> isEnd =
        event ->
            event.path("run").path("runId").asString().equals(run)
                && !event.path("eventType").asString().equals("START");
    Wait.until("the end of " + run + " is heard", () -> events(run).stream().anyMatch(isEnd));
    return events(run);
  }

  /** Such as {@code START p.shop}. */
  public static List<String> said(List<JsonNode> events) {
    return events.stream()
        .map(event ->
            event.path("eventType").asString() + " " + event.path("job").path("name").asString())
        .toList();
  }

  /** A dataset's both names, as one. */
  public static String named(JsonNode dataset) {
    return dataset.path("namespace").asString() + " " + dataset.path("name").asString();
  }

  @Override
  public void close() {
    receiver.close();
  }
}
