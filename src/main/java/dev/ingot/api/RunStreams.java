package dev.ingot.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ingot.access.Caller;
import dev.ingot.api.RunResources.RunChange;
import dev.ingot.api.RunResources.TableProgress;
import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.RunEvent;
import dev.ingot.materialization.RunEvents;
import dev.ingot.project.PackageKey;
import dev.ingot.threads.Tasks;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Streams of server-sent events (the HTML standard's {@code text/event-stream}). One that waits for
 * the next event holds a connection and no thread.
 */
@Component
class RunStreams implements DisposableBean {

  /** Proxies close what is silent for longer. */
  private static final Duration SILENCE = Duration.ofSeconds(15);

  /** How long a client waits that was cut off, in milliseconds. */
  private static final String BEGINNING = "retry: 1000\n\n";

  private static final String COMMENT = ":\n\n";

  private final RunEvents events;
  private final ShownRuns shown;
  private final ClientWatch clients;
  private final JsonMapper json;
  private final Tasks tasks;
  private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
  private final Runnable end;

  RunStreams(RunEvents events, ShownRuns shown, ClientWatch clients, JsonMapper json, Tasks tasks) {
    this.events = events;
    this.shown = shown;
    this.clients = clients;
    this.json = json;
    this.tasks = tasks;
    end =
        tasks.every(
            SILENCE, "event-comments", () -> open.forEach(stream -> stream.send(() -> COMMENT)));
  }

  /**
   * Answers with the events of a run until it ends or the client leaves.
   *
   * @param after the id of the last event that the client has seen; null when it has seen none
   */
  void answer(
      PackageKey key,
      String id,
      @Nullable String after,
      Caller caller,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    // Written here, where all filters' headers still come along.
    response.getOutputStream().write(BEGINNING.getBytes(UTF_8));
    response.flushBuffer();
    var stream =
        new EventStream(request, response.getOutputStream(), clients, tasks, "events-" + id);
    open.add(stream);
    stream.atEnd(() -> open.remove(stream));
    stream.atEnd(events.subscribe(key, id, after, new Told(stream, key, caller)));
  }

  /** One client that is told. */
  private final class Told implements RunEvents.Subscriber {
    private final EventStream stream;
    private final PackageKey key;
    private final Caller caller;

    Told(EventStream stream, PackageKey key, Caller caller) {
      this.stream = stream;
      this.key = key;
      this.caller = caller;
    }

    @Override
    public void take(RunEvent event) {
      stream.send(() -> shown.to(caller, key, event).map(RunStreams.this::text).orElse(COMMENT));
    }

    @Override
    public void end() {
      stream.endAfterAll();
    }
  }

  private String text(RunEvent event) {
    String name =
        switch (event) {
          case RunEvent.State state -> "state";
          case RunEvent.Changed changed -> "run";
          case RunEvent.TargetChanged changed -> "target";
          case RunEvent.Progress progress -> "progress";
          case RunEvent.Ended ended -> "end";
        };
    Object data =
        switch (event) {
          case RunEvent.State(String id, Materialization run) -> RunBody.shown(run);
          case RunEvent.Changed(String id, Materialization run) -> RunChange.of(RunBody.shown(run));
          case RunEvent.TargetChanged(String id, var target) -> RunBody.shown(target);
          case RunEvent.Progress(String build, double percent) -> new TableProgress(build, percent);
          case RunEvent.Ended(Materialization run) -> RunChange.of(RunBody.shown(run));
        };
    String id = event.id() == null ? "" : "id: %s\n".formatted(event.id());
    return "%sevent: %s\ndata: %s\n\n".formatted(id, name, json.writeValueAsString(data));
  }

  /** How many are told. */
  int count() {
    return open.size();
  }

  @Override
  public void destroy() {
    end.run();
  }
}
