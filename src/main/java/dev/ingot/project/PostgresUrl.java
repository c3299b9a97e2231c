package dev.ingot.project;

import dev.ingot.fault.Fault;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code postgres://user:password@host:port/database?name=value&…} says, decoded.
 *
 * @param host of an IPv6 address without its brackets
 */
record PostgresUrl(
    String host,
    @Nullable Integer port,
    String database,
    String user,
    @Nullable String password,
    Map<String, String> parameters) {

  private static final Set<String> SCHEMES = Set.of("postgres", "postgresql");

  /** By hand: URI finds no host in one with an underscore, and no user beside it. */
  private static final Pattern AUTHORITY =
      Pattern.compile(
          "(?<user>[^:@]+)(:(?<password>[^@]*))?@(?<host>[A-Za-z0-9_.-]+|\\[[0-9A-Fa-f:.]+])(:(?<port>\\d{0,5}))?");

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  /** What URLDecoder makes of bytes that are no UTF-8. */
  private static final char REPLACEMENT = '\uFFFD';

  /**
   * @param refusal of a text that isn't such a URL, by what is wrong with it; which never repeats
   *     the text, as it has a password in it
   */
  static PostgresUrl parse(String text, Function<String, Fault> refusal) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      // Its message repeats the text, so it is no cause either.
      throw refusal.apply("is not a URL; percent-encode what is special in its password");
    }
    if (uri.getScheme() == null || !SCHEMES.contains(uri.getScheme())) {
      throw refusal.apply("must begin with postgres:// or postgresql://");
    }
    Matcher authority =
        AUTHORITY.matcher(uri.getRawAuthority() == null ? "" : uri.getRawAuthority());
    if (!authority.matches()) {
      throw refusal.apply(
          "must name a host, a user and a password; percent-encode what is special in them");
    }
    String path = uri.getRawPath();
    if (path.length() < 2 || path.indexOf('/', 1) > 0 || uri.getRawFragment() != null) {
      throw refusal.apply("must name a database");
    }
    String password = authority.group("password");
    String port = authority.group("port");
    var url =
        new PostgresUrl(
            authority.group("host").replaceAll("[\\[\\]]", ""),
            port == null || port.isEmpty() ? null : Integer.valueOf(port),
            decode(path.substring(1), refusal),
            decode(authority.group("user"), refusal),
            password == null ? null : decode(password, refusal),
            parameters(uri.getRawQuery(), refusal));
    url.requireText(refusal);
    return url;
  }

  private static Map<String, String> parameters(
      @Nullable String query, Function<String, Fault> refusal) {
    var parameters = new LinkedHashMap<String, String>();
    if (query == null || query.isEmpty()) {
      return parameters;
    }
    for (String parameter : query.split("&", -1)) {
      String[] parts = parameter.split("=", 2);
      if (parts.length != 2
          || parameters.put(decode(parts[0], refusal), decode(parts[1], refusal)) != null) {
        throw refusal.apply("has a parameter without a value, or one that is given twice");
      }
    }
    return parameters;
  }

  /** PostgreSQL's protocol ends texts with a zero: what comes after would be another option. */
  private void requireText(Function<String, Fault> refusal) {
    if (CONTROL.matcher(user + password + database).find()) {
      throw refusal.apply("has a control character in it");
    }
  }

  private static String decode(String text, Function<String, Fault> refusal) {
    String decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    if (decoded.indexOf(REPLACEMENT) >= 0) {
      throw refusal.apply("is not UTF-8 written in percent signs");
    }
    return decoded;
  }

  /** Without the secrets. */
  @Override
  public String toString() {
    return "%s@%s/%s".formatted(user, host, database);
  }
}
