package dev.ingot.engine.elsewhere;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file that lies elsewhere, as its server tells it and as it is recorded.
 *
 * @param size null where it isn't told
 * @param time of its last change; null where it isn't told
 * @param etag null where it isn't told
 */
public record ElsewhereState(
    String url, @Nullable Long size, @Nullable Instant time, @Nullable String etag) {

  /** Whether a change that keeps its size shows. */
  public boolean tellsChanges() {
    return etag != null || time != null;
  }

  /** What is otherwise now, in plain words; empty when it is as it was. */
  public Optional<String> change(ElsewhereState now) {
    if (size != null && now.size != null && !size.equals(now.size)) {
      return Optional.of("%s has %d bytes instead of %d".formatted(url, now.size, size));
    }
    return isSame(now) ? Optional.empty() : Optional.of(url + " has other content");
  }

  private boolean isSame(ElsewhereState now) {
    if (etag != null && now.etag != null) {
      return etag.equals(now.etag);
    }
    return time == null || now.time == null || time.equals(now.time);
  }
}
