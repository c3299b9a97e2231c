package dev.ingot.outbox;

import dev.ingot.project.ProjectName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be told. It is written together with what it tells of, where the project's state lies;
 * of servers that share a project, any that knows the receiver tells.
 */
public interface Outbox {

  /**
   * The oldest that is due for somebody.
   *
   * @param inOrder none while an older one isn't due
   * @param until nobody else gets it before then
   * @throws dev.ingot.fault.Fault CATALOG_UNAVAILABLE
   */
  Optional<Delivery> take(
      ProjectName project, String receiver, boolean inOrder, Instant now, Instant until);

  /** It isn't told again. */
  void told(Delivery delivery);

  void failed(Delivery delivery, Instant nextAt, String error);

  /** All that a project's own receivers aren't told yet, oldest first. */
  List<Delivery> all(ProjectName project, int most);

  /** Those that this server's own state has something of, also such as are gone. */
  Set<ProjectName> projects();

  /** Forgets what is older. */
  void forget(ProjectName project, Instant oldest);
}
