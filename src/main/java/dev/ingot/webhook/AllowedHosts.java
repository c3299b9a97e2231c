package dev.ingot.webhook;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.fault.Printable;
import dev.ingot.fault.StartupFailure;
import dev.ingot.network.PublicAddress;
import dev.ingot.project.Webhook;
import dev.ingot.project.WebhookHosts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.springframework.security.web.util.matcher.IpAddressMatcher;
import org.springframework.stereotype.Component;

/**
 * The hosts of {@code ingot.webhooks.allowed-hosts}. A name leads to public addresses only, unless
 * the others are named too: else whoever may set a webhook could have the server talk to its
 * neighbours.
 */
@Component
class AllowedHosts implements WebhookHosts {

  private static final Pattern ADDRESS =
      Pattern.compile(PublicAddress.IPV4 + "|\\[[0-9a-fA-F:.]+]");
  private static final Pattern RANGE =
      Pattern.compile("(" + PublicAddress.IPV4 + "|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)(/\\d{1,3})?");

  /** Something in it is no number: a name that is one would be taken for an address. */
  private static final Pattern NAME =
      Pattern.compile("(\\*\\.)?(?=.*[a-z])[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?");

  private final List<String> names = new ArrayList<>();
  private final List<IpAddressMatcher> ranges = new ArrayList<>();

  /**
   * @throws StartupFailure when a setting is neither
   */
  AllowedHosts(WebhookSettings settings) {
    for (String host : settings.allowedHosts()) {
      String lower = host.strip().toLowerCase(Locale.ROOT);
      if (RANGE.matcher(lower).matches()) {
        ranges.add(range(lower));
      } else if (NAME.matcher(lower).matches()) {
        names.add(lower);
      } else {
        throw unfit(host, new IllegalArgumentException("neither a name nor a range of addresses"));
      }
    }
  }

  private static IpAddressMatcher range(String text) {
    try {
      return new IpAddressMatcher(text);
    } catch (IllegalArgumentException e) {
      throw unfit(text, e);
    }
  }

  private static StartupFailure unfit(String host, Exception e) {
    return new StartupFailure(
        "ingot.webhooks.allowed-hosts has '%s', which is no host".formatted(Printable.of(host)),
        "Name hosts such as hooks.example.com or *.example.com, and addresses such as 10.0.0.0/8",
        e);
  }

  @Override
  public void require(Webhook webhook) {
    URI uri = webhook.uri();
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    if (!isNamed(host)) {
      throw new Fault(
          FaultCode.INVALID_WEBHOOK,
          "The webhook can't be used: its host '%s' is none of those that ingot.webhooks.allowed-hosts names"
              .formatted(Printable.of(host)));
    }
    if (!isEncrypted(uri) && ranges.isEmpty()) {
      throw new Fault(
          FaultCode.INVALID_WEBHOOK,
          "The webhook can't be used: http:// is for addresses that ingot.webhooks.allowed-hosts names; use https://");
    }
  }

  private boolean isNamed(String host) {
    if (ADDRESS.matcher(host).matches()) {
      String plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      return ranges.stream().anyMatch(range -> range.matches(plain));
    }
    return names.stream()
        .anyMatch(
            name -> name.startsWith("*.") ? host.endsWith(name.substring(1)) : host.equals(name));
  }

  private static boolean isEncrypted(URI uri) {
    return "https".equalsIgnoreCase(uri.getScheme());
  }

  /**
   * Where a webhook is now. Whoever connects, connects to these very addresses: the name may have
   * others the next time.
   *
   * @throws IOException when it may not be reached, or isn't found
   */
  List<InetAddress> addresses(URI uri) throws IOException {
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    if (!isNamed(host)) {
      throw new IOException("'%s' is no allowed host any more".formatted(host));
    }
    List<InetAddress> reachable = new ArrayList<>();
    for (InetAddress address : InetAddress.getAllByName(host)) {
      boolean named = ranges.stream().anyMatch(range -> range.matches(address.getHostAddress()));
      if (named || (isEncrypted(uri) && PublicAddress.is(address))) {
        reachable.add(address);
      }
    }
    if (reachable.isEmpty()) {
      throw new IOException(
          "'%s' has no address that ingot.webhooks.allowed-hosts lets %s to"
              .formatted(host, isEncrypted(uri) ? "webhooks" : "http://"));
    }
    return reachable;
  }
}
