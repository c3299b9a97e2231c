package dev.ingot.project;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The PostgreSQL database that a project's catalog lies in, as {@code
 * postgres://user:password@host:port/database}. Its text forms never have the password.
 *
 * @param sslMode how the connection is encrypted, in PostgreSQL's words; null leaves it to the
 *     driver
 */
public record CatalogUrl(
    String host,
    int port,
    String database,
    String user,
    String password,
    @Nullable String sslMode) {

  /** Stands for a password in what is shown; sent back, it means the one that is known. */
  public static final String MASK = "***";

  private static final int DEFAULT_PORT = 5432;
  private static final Set<String> SCHEMES = Set.of("postgres", "postgresql");
  private static final Set<String> SSL_MODES =
      Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final String FORM = "postgres://user:password@host:5432/database";

  /**
   * @param known whose password a masked one means; null when there is none
   * @throws Fault INVALID_STORAGE, which never repeats the text: it has a password in it
   */
  public static CatalogUrl parse(String text, @Nullable CatalogUrl known) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      // Its message repeats the text, so it is no cause either.
      throw refuse("'catalogUrl' is not a URL; percent-encode what is special in its password");
    }
    if (uri.getScheme() == null || !SCHEMES.contains(uri.getScheme())) {
      throw refuse("'catalogUrl' must begin with postgres:// or postgresql://");
    }
    String[] login = uri.getRawUserInfo() == null ? null : uri.getRawUserInfo().split(":", 2);
    String path = uri.getPath();
    if (uri.getHost() == null || login == null || login.length != 2 || login[0].isEmpty()) {
      throw refuse("'catalogUrl' must name a host, a user and a password");
    }
    if (path == null || path.length() < 2 || path.indexOf('/', 1) > 0) {
      throw refuse("'catalogUrl' must name a database");
    }
    if (CONTROL.matcher(uri.getPath() + decode(uri.getRawUserInfo())).find()) {
      // PostgreSQL's protocol ends texts with a zero: what comes after would be another option.
      throw refuse("'catalogUrl' has a control character in it");
    }
    String host = uri.getHost().replaceAll("^\\[|\\]$", "");
    int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
    var url =
        new CatalogUrl(
            host,
            port,
            path.substring(1),
            decode(login[0]),
            decode(login[1]),
            sslMode(uri.getRawQuery()));
    return url.password().equals(MASK) ? url.withPasswordOf(known) : url;
  }

  private CatalogUrl withPasswordOf(@Nullable CatalogUrl known) {
    // Otherwise whoever may change a project could send its password to a host of theirs.
    if (known == null || !known.text().equals(text())) {
      throw refuse("'catalogUrl' has a masked password; give it with the URL that it changes");
    }
    return known;
  }

  private static @Nullable String sslMode(@Nullable String query) {
    if (query == null || query.isEmpty()) {
      return null;
    }
    String[] parts = query.split("=", 2);
    if (parts.length != 2 || !parts[0].equals("sslmode") || !SSL_MODES.contains(parts[1])) {
      throw refuse("'catalogUrl' may have sslmode as its only parameter, one of " + SSL_MODES);
    }
    return parts[1];
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static Fault refuse(String what) {
    return new Fault(FaultCode.INVALID_STORAGE, what + " (" + FORM + ")");
  }

  /** As it may be shown. */
  public String text() {
    String name = host.contains(":") ? "[" + host + "]" : host;
    String query = sslMode == null ? "" : "?sslmode=" + sslMode;
    return "postgres://%s:%s@%s:%d/%s%s"
        .formatted(encode(user), MASK, name, port, encode(database), query);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return text();
  }
}
