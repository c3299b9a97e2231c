package dev.ingot.state.store;

import dev.ingot.project.Webhook;
import dev.ingot.state.PackageLock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Notes what runs come to for those who are told, in the transaction in which they do. */
interface Notices {

  /**
   * @param error why the run ended so
   */
  void add(PackageLock lock, String run, Webhook.Event event, Instant at, @Nullable String error);
}
