package dev.ingot.project;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What a package's location may look like. */
public final class PackageLocation {

  /** What the sample's location begins with, in settings and files. */
  public static final String SAMPLE = "sample:";

  private static final Pattern REMOTE = Pattern.compile("(?i)[a-z][a-z0-9+.-]+:.*|[^/]+@[^/]+:.*");

  private PackageLocation() {}

  /** Whether it is a URL, or what git takes for one. */
  public static boolean isRemote(String location) {
    return !location.startsWith(SAMPLE) && isUrl(location);
  }

  static boolean isUrl(String location) {
    return REMOTE.matcher(location).matches();
  }

  /**
   * A location that says the same wherever the server was started.
   *
   * @param folder that it is relative to; absolute
   * @throws Fault INVALID_LOCATION
   */
  public static String from(Path folder, String location) {
    if (location.isBlank()) {
      throw new Fault(FaultCode.INVALID_LOCATION, "'location' is empty: name the package's folder");
    }
    if (isUrl(location)) {
      return location;
    }
    try {
      Path path = folder.resolve(location);
      // Nothing is normalized: what '..' leads to depends on links.
      return path.toString().replaceAll("/(\\./)+", "/");
    } catch (InvalidPathException e) {
      throw new Fault(FaultCode.INVALID_LOCATION, "'location' is not a path: " + e.getReason(), e);
    }
  }
}
