package dev.ingot.lineage;

import dev.ingot.outbox.Posts;
import dev.ingot.outbox.Receiver.NeverTaken;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.jspecify.annotations.Nullable;

/**
 * Posts each event. Where to is the operator's own setting, so any address will do.
 *
 * @param key null where none is asked for
 */
record HttpTransport(URI uri, @Nullable String key, Duration timeout, Posts posts)
    implements Transport {

  /** They are about the very event: it is too large, or says what the receiver doesn't take. */
  private static final Set<Integer> NEVER = Set.of(413, 422);

  @Override
  public void send(String event) throws IOException {
    var post = new HttpPost(uri);
    post.setEntity(new StringEntity(event, ContentType.APPLICATION_JSON));
    if (key != null) {
      post.setHeader("Authorization", "Bearer " + key);
    }
    try {
      posts.send(post, SystemDefaultDnsResolver.INSTANCE, timeout);
    } catch (Posts.Refused e) {
      throw NEVER.contains(e.status()) ? new NeverTaken(e) : e;
    }
  }

  /** Without what may be a secret in the URL. */
  @Override
  public String toString() {
    return "%s://%s".formatted(uri.getScheme(), uri.getAuthority());
  }
}
