package dev.ingot.engine.elsewhere;

import dev.ingot.project.AttachedDatabase;
import dev.ingot.project.AzureAccess;
import dev.ingot.project.BucketAccess;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a database may go over HTTP.
 *
 * @param hosts all that match it
 * @param trusted whether they may have any address: an operator's own storage
 */
public record Destination(Pattern hosts, int port, boolean trusted) {

  private static final int HTTP = 80;
  private static final int HTTPS = 443;
  private static final Pattern AMAZON =
      Pattern.compile("([a-z0-9.-]+\\.)?s3([.-][a-z0-9-]+)*\\.amazonaws\\.com(\\.cn)?");
  private static final Pattern GOOGLE =
      Pattern.compile("([a-z0-9.-]+\\.)?storage\\.googleapis\\.com");

  /** Where applications get what Azure's storage asks them for. */
  private static final Destination LOGIN =
      new Destination(Pattern.compile("login\\.microsoftonline\\.com"), HTTPS, false);

  private static final Pattern URL =
      Pattern.compile("(https?)://([^/:\\[]+|\\[[^]]+])(?::(\\d+))?(?:/.*)?");

  /** None for what isn't reached over HTTP. */
  public static List<Destination> of(AttachedDatabase one) {
    String prefix = one.prefix();
    AzureAccess azure = one.azure();
    if (azure != null) {
      Destination blobs = ofUrl(azure.endpoint(), false);
      return azure.application() == null ? List.of(blobs) : List.of(blobs, LOGIN);
    }
    if (prefix == null) {
      return List.of();
    }
    return List.of(
        one.bucket() == null
            ? ofUrl(prefix, false)
            : ofBucket(one.bucket(), prefix.startsWith("gs:"), false));
  }

  /**
   * @param access null for one that everybody may reach
   */
  public static Destination ofBucket(
      @Nullable BucketAccess access, boolean google, boolean trusted) {
    String url = access == null ? null : access.url();
    if (url != null) {
      return ofUrl(url, trusted);
    }
    return new Destination(google ? GOOGLE : AMAZON, HTTPS, trusted);
  }

  private static Destination ofUrl(String url, boolean trusted) {
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw new IllegalArgumentException(url);
    }
    int standard = parts.group(1).equals("https") ? HTTPS : HTTP;
    return new Destination(
        Pattern.compile(Pattern.quote(parts.group(2)), Pattern.CASE_INSENSITIVE),
        parts.group(3) == null ? standard : Integer.parseInt(parts.group(3)),
        trusted);
  }

  boolean leadsTo(String host, int otherPort) {
    return port == otherPort && hosts.matcher(host).matches();
  }
}
