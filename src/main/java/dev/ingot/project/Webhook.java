package dev.ingot.project;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.fault.Printable;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * Somebody who is told of builds, by a signed POST.
 *
 * @param url where it goes
 * @param secret that it is signed with, as standardwebhooks.com writes it: {@code whsec_} and
 *     base64 of 24 to 64 bytes
 * @param events the states that a build comes to of which it is told
 */
public record Webhook(String url, String secret, Set<Event> events) {

  /** What a secret begins with. */
  public static final String SECRET = "whsec_";

  /** What secrets look like. */
  public static final String SECRET_PATTERN = "^(whsec_[A-Za-z0-9+/]{32,86}={0,2}|\\*\\*\\*)$";

  private static final int LONGEST_URL = 2_000;
  private static final int FEWEST_BYTES = 24;
  private static final int MOST_BYTES = 64;

  /** The states that a build comes to. */
  public enum Event {
    RUNNING,
    SUCCESS,
    FAILED,
    CANCELLED
  }

  /** Those of who doesn't say which. */
  public static final Set<Event> ENDS =
      Collections.unmodifiableSet(EnumSet.of(Event.SUCCESS, Event.FAILED, Event.CANCELLED));

  /**
   * @throws Fault INVALID_WEBHOOK
   */
  public Webhook {
    requireUrl(url);
    key(secret);
    if (events.isEmpty()) {
      throw invalid("'events' is empty; leave it out for the ends of builds");
    }
    events = Collections.unmodifiableSet(EnumSet.copyOf(events));
  }

  private static void requireUrl(String url) {
    URI uri = parse(url);
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw invalid("'%s' does not begin with https:// or http://".formatted(Printable.of(url)));
    }
    if (uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      throw invalid(
          "'%s' must have a host, and neither a user nor a fragment"
              .formatted(Printable.of(url.replaceFirst("//[^/]*@", "//***@"))));
    }
  }

  private static URI parse(String url) {
    if (url.length() > LONGEST_URL) {
      throw invalid("a URL has at most %d characters".formatted(LONGEST_URL));
    }
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      throw invalid("character %d of the URL fits none".formatted(e.getIndex() + 1));
    }
  }

  private static byte[] key(String secret) {
    try {
      if (secret.startsWith(SECRET)) {
        byte[] key = Base64.getDecoder().decode(secret.substring(SECRET.length()));
        if (key.length >= FEWEST_BYTES && key.length <= MOST_BYTES) {
          return key;
        }
      }
    } catch (IllegalArgumentException e) {
      throw noSecret();
    }
    throw noSecret();
  }

  private static Fault noSecret() {
    return invalid(
        "'secret' is %s and base64 of %d to %d bytes; `openssl rand -base64 32` makes them"
            .formatted(SECRET, FEWEST_BYTES, MOST_BYTES));
  }

  static Fault invalid(String why) {
    return new Fault(FaultCode.INVALID_WEBHOOK, "The webhook can't be used: " + why);
  }

  /** What tells it from the others of its project. */
  public String id() {
    var digest = new Sha256();
    digest.add(url);
    return digest.hex();
  }

  public URI uri() {
    return parse(url);
  }

  /** The bytes that signatures are made with. */
  public byte[] key() {
    return key(secret);
  }

  /** Without the secret, and without what may be one in the URL. */
  @Override
  public String toString() {
    return "webhook of %s for %s".formatted(uri().getHost(), events);
  }
}
