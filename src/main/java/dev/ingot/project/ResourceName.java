package dev.ingot.project;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.fault.Printable;
import java.util.regex.Pattern;

/** The rule for the names of projects and packages, which are also names of folders. */
final class ResourceName {

  /** As clients are told it, too: a regular expression that JavaScript and Python read alike. */
  static final String PATTERN = "^(?!.*\\.\\.)[A-Za-z0-9_]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9_-])?$";

  private static final Pattern VALID = Pattern.compile(PATTERN);

  private ResourceName() {}

  static String require(String kind, String value) {
    if (!VALID.matcher(value).matches()) {
      throw new Fault(
          FaultCode.INVALID_NAME,
          "%s name '%s' is not valid: use 1 to 64 letters, digits, '_', '-' and '.', starting with a letter, a digit or '_', without '..' and not ending in '.'"
              .formatted(kind, Printable.of(value)));
    }
    return value;
  }
}
