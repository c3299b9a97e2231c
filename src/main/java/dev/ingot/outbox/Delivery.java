package dev.ingot.outbox;

import dev.ingot.project.ProjectName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event that somebody is to hear of.
 *
 * @param id the same in every attempt, so that who hears it twice can tell
 * @param receiver the id of who is to hear of it
 * @param body JSON
 * @param attempts that have failed
 * @param nextAt when it is tried next
 * @param error why the last attempt failed
 */
public record Delivery(
    String id,
    ProjectName project,
    String receiver,
    String body,
    Instant createdAt,
    int attempts,
    Instant nextAt,
    @Nullable String error) {

  /** One that is to be sent for the first time. */
  public static Delivery first(
      String id, ProjectName project, String receiver, String body, Instant createdAt) {
    return new Delivery(id, project, receiver, body, createdAt, 0, createdAt, null);
  }
}
