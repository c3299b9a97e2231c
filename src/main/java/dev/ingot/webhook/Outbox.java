package dev.ingot.webhook;

import dev.ingot.project.ProjectName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is to be told. It is written together with what it tells of, where the project's state lies;
 * of servers that share a project, any that knows the webhook tells.
 */
public interface Outbox {

  /**
   * The oldest that is due for a webhook.
   *
   * @param until nobody else gets it before then
   * @throws dev.ingot.fault.Fault CATALOG_UNAVAILABLE
   */
  Optional<Delivery> take(ProjectName project, String webhook, Instant now, Instant until);

  /** It isn't told again. */
  void told(Delivery delivery);

  void failed(Delivery delivery, Instant nextAt, String error);

  /** All that isn't told yet, oldest first. */
  List<Delivery> all(ProjectName project, int most);

  /** Forgets what is older. */
  void forget(ProjectName project, Instant oldest);
}
