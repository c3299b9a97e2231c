package dev.ingot.state.catalog;

import dev.ingot.fault.Fault;
import dev.ingot.project.PackageKey;
import dev.ingot.state.Columns;
import dev.ingot.state.SharedEvent;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * A {@link SharedEvent} as PostgreSQL sends it.
 *
 * @param run empty when the event is of no run
 */
record Notification(String project, String name, String run) {

  static final String CHANNEL = "ingot";

  private static final Logger log = LoggerFactory.getLogger(Notification.class);

  /** What is missing is as wrong as what is empty. */
  Notification {
    project = Objects.requireNonNullElse(project, "");
    name = Objects.requireNonNullElse(name, "");
    run = Objects.requireNonNullElse(run, "");
  }

  static String text(SharedEvent event) {
    String run =
        switch (event) {
          case SharedEvent.Ended(PackageKey key, String runId) -> runId;
          case SharedEvent.Published published -> "";
        };
    return Columns.json(
        new Notification(event.key().project().value(), event.key().name().value(), run));
  }

  /** Empty for what no Ingot has sent. */
  static Optional<SharedEvent> event(String text) {
    if (!text.startsWith("{")) {
      return Optional.empty();
    }
    try {
      Notification sent = Columns.value(text, Notification.class);
      PackageKey key = PackageKey.of(sent.project(), sent.name());
      return Optional.of(
          sent.run().isEmpty()
              ? new SharedEvent.Published(key)
              : new SharedEvent.Ended(key, sent.run()));
    } catch (JacksonException | Fault e) {
      log.warn("A notification that no Ingot has sent: {}", text, e);
      return Optional.empty();
    }
  }
}
