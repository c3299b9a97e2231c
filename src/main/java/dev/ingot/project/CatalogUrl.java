package dev.ingot.project;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
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

  private static final String FORM = "postgres://user:password@host:5432/database";

  /**
   * @param known whose password a masked one means; null when there is none
   * @throws Fault INVALID_STORAGE, which never repeats the text: it has a password in it
   */
  public static CatalogUrl parse(String text, @Nullable CatalogUrl known) {
    PostgresUrl read = PostgresUrl.parse(text, wrong -> refuse("'catalogUrl' " + wrong));
    if (read.password() == null) {
      throw refuse("'catalogUrl' must name a password");
    }
    var url =
        new CatalogUrl(
            read.host(),
            read.port() == null ? PostgresSettings.DEFAULT_PORT : read.port(),
            read.database(),
            read.user(),
            read.password(),
            sslMode(read.parameters()));
    return url.password().equals(MASK) ? url.withPasswordOf(known) : url;
  }

  private CatalogUrl withPasswordOf(@Nullable CatalogUrl known) {
    // Otherwise whoever may change a project could send its password to a host of theirs.
    if (known == null || !known.text().equals(text())) {
      throw refuse("'catalogUrl' has a masked password; give it with the URL that it changes");
    }
    return known;
  }

  private static @Nullable String sslMode(Map<String, String> parameters) {
    String mode = parameters.get("sslmode");
    if (parameters.isEmpty() || (parameters.size() == 1 && isSslMode(mode))) {
      return mode;
    }
    throw refuse(
        "'catalogUrl' may have sslmode as its only parameter, one of "
            + PostgresSettings.SSL_MODES);
  }

  private static boolean isSslMode(@Nullable String mode) {
    return mode != null && PostgresSettings.SSL_MODES.contains(mode);
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
