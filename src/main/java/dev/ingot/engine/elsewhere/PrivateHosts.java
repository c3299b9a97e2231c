package dev.ingot.engine.elsewhere;

import dev.ingot.network.PublicAddress;
import dev.ingot.project.AttachedDatabase;
import dev.ingot.project.AzureAccess;
import dev.ingot.project.BucketAccess;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Refuses buckets' endpoints and sites whose host lies in a network that isn't public, where a
 * server reaches what its users should not: the cloud's metadata, neighbours without passwords.
 * {@code ingot.duckdb.private-hosts} names those that may.
 */
@Component
public class PrivateHosts {

  private static final Pattern PARTS =
      Pattern.compile("(https?)://([^/:\\[]+|\\[[^]]+])(:\\d+)?(/.*)?");

  /** Everything that a resolver could take for a number. */
  private static final Pattern NUMBER = Pattern.compile("(?i)(.*\\.)?(0x[0-9a-f]*|\\d+)\\.?");

  private static final Pattern IPV4 = Pattern.compile(PublicAddress.IPV4);

  private final Set<String> allowed = new HashSet<>();

  public PrivateHosts(ElsewhereSettings settings) {
    settings.privateHosts().forEach(host -> allowed.add(host.toLowerCase(Locale.ROOT)));
  }

  /** Why it may not be reached; empty when it may. */
  public Optional<String> objection(AttachedDatabase one) {
    String url = url(one);
    if (url == null) {
      return Optional.empty();
    }
    Matcher parts = PARTS.matcher(url);
    if (!parts.matches()) {
      throw new IllegalArgumentException(url);
    }
    return objection(parts.group(2).toLowerCase(Locale.ROOT))
        .or(() -> plainObjection(one, parts.group(1), parts.group(2)));
  }

  /** Null where there is no host that somebody chose. */
  private static @Nullable String url(AttachedDatabase one) {
    BucketAccess bucket = one.bucket();
    AzureAccess azure = one.azure();
    if (one.type() == AttachedDatabase.Type.HTTPS) {
      return one.prefix();
    }
    if (azure != null) {
      return azure.endpoint();
    }
    return bucket == null ? null : bucket.url();
  }

  /**
   * S3's requests are signed, and their secret isn't sent; that of Azure's is, and a site's files
   * are text.
   */
  private Optional<String> plainObjection(AttachedDatabase one, String scheme, String host) {
    return one.bucket() == null && scheme.equals("http") && !isAllowed(host)
        ? Optional.of("http:// is for hosts that ingot.duckdb.private-hosts names; use https://")
        : Optional.empty();
  }

  /** Whether a host may be reached at an address that it has now. */
  boolean mayReach(String host, InetAddress address) {
    return isAllowed(host) || PublicAddress.is(address);
  }

  private boolean isAllowed(String host) {
    return allowed.contains(host.toLowerCase(Locale.ROOT));
  }

  private Optional<String> objection(String host) {
    if (isAllowed(host)) {
      return Optional.empty();
    }
    String plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    if (NUMBER.matcher(host).matches() && !IPV4.matcher(host).matches()) {
      return Optional.of("'%s' is no host: write an address as four numbers".formatted(host));
    }
    try {
      for (InetAddress address : List.of(InetAddress.getAllByName(plain))) {
        if (!PublicAddress.is(address)) {
          return Optional.of(
              "the host '%s' has the address %s, which is not public: name the host in ingot.duckdb.private-hosts if it may be read"
                  .formatted(host, address.getHostAddress()));
        }
      }
    } catch (UnknownHostException e) {
      return Optional.of("the host '%s' is not found".formatted(host));
    }
    return Optional.empty();
  }
}
