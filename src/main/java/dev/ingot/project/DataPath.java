package dev.ingot.project;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The folder of a shared project's tables: {@code s3://bucket/prefix}, {@code gs://bucket/prefix}
 * or {@code file:///folder}. Without a slash at its end.
 */
public record DataPath(String text) {

  private static final Pattern BUCKET =
      Pattern.compile("(s3|gs)://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9_.=-]+)*");
  private static final String FORMS = "s3://bucket/prefix, gs://bucket/prefix or file:///folder";

  /**
   * @throws Fault INVALID_STORAGE
   */
  public DataPath {
    while (text.endsWith("/") && !text.endsWith(":///")) {
      text = text.substring(0, text.length() - 1);
    }
    boolean dots = text.contains("/..") || text.contains("/./");
    if (dots || !(BUCKET.matcher(text).matches() || isFolder(text))) {
      throw new Fault(
          FaultCode.INVALID_STORAGE,
          "'dataPath' must be %s, with letters, digits and _ . = - in its names".formatted(FORMS));
    }
  }

  private static boolean isFolder(String text) {
    return text.matches("file:///[A-Za-z0-9_./=-]+");
  }

  /** The folder when it lies in a file system that this server has mounted. */
  public Optional<Path> folder() {
    return text.startsWith("file:") ? Optional.of(Path.of(URI.create(text))) : Optional.empty();
  }

  /** Whether DuckDB needs its httpfs extension for it. */
  public boolean isRemote() {
    return folder().isEmpty();
  }

  /** {@code s3}, {@code gs} or {@code file}. */
  public String scheme() {
    return text.substring(0, text.indexOf(':')).toLowerCase(Locale.ROOT);
  }

  /** As DuckDB names it: a URL, or an absolute path. */
  public String root() {
    return folder().map(Path::toString).orElse(text);
  }

  @Override
  public String toString() {
    return text;
  }
}
