package dev.ingot.engine;

import dev.ingot.project.PostgresSettings;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something that is read or built, by the name that everybody knows it by: as OpenLineage has it,
 * the URL of what it lies in, and its name in there. Without users, passwords and signatures.
 */
public record Dataset(String namespace, String name) {

  private static final Pattern URL =
      Pattern.compile("(?s)([a-z][a-z0-9+.-]*)://(?:[^/?#]*@)?([^/?#]*)/?(.*)");

  /** What may be a signature, in the URLs of sites. */
  private static final Pattern QUERY = Pattern.compile("(?s)[?#].*");

  /** A table or view of a PostgreSQL database. */
  public static Dataset ofPostgres(PostgresSettings settings, String schema, String table) {
    String host =
        settings.host().contains(":") ? "[%s]".formatted(settings.host()) : settings.host();
    return new Dataset(
        "postgres://%s:%d".formatted(host, settings.port()),
        "%s.%s.%s".formatted(settings.database(), schema, table));
  }

  /** A file of this machine, or those that a pattern stands for. */
  public static Dataset ofFile(Path path) {
    return new Dataset("file", path.toString());
  }

  /**
   * An object of a bucket or a site, or those that a pattern stands for.
   *
   * @throws IllegalArgumentException when it is no URL
   */
  public static Dataset ofUrl(String url) {
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw new IllegalArgumentException("no URL of a file");
    }
    String scheme = parts.group(1);
    String path = parts.group(3);
    return new Dataset(
        "%s://%s".formatted(scheme, parts.group(2)),
        scheme.startsWith("http") ? QUERY.matcher(path).replaceAll("") : path);
  }
}
