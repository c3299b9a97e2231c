package dev.ingot.access;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A key as it is on record, from which nobody learns the key.
 *
 * @param id the part of the key that isn't secret
 * @param name for people; no two keys have the same
 * @param hash SHA-256 of the key, in hex
 * @param claims what is said of whoever has it, as a token's claims are
 * @param expiresAt null for never
 * @param createdBy the name of who made it
 */
public record ApiKey(
    String id,
    String name,
    String hash,
    Grants grants,
    Map<String, Object> claims,
    @Nullable Instant expiresAt,
    Instant createdAt,
    String createdBy) {

  /** What {@link #name} matches. */
  public static final String NAME = "^[A-Za-z0-9][A-Za-z0-9 ._@-]{0,62}$";

  private static final Pattern NAMES = Pattern.compile(NAME);

  /**
   * @throws Fault INVALID_NAME, BAD_REQUEST
   */
  public ApiKey {
    if (!NAMES.matcher(name).matches()) {
      throw new Fault(
          FaultCode.INVALID_NAME,
          "The name of a key must be 1 to 63 letters, digits, blanks, '.', '_', '-' and '@', and begin with a letter or digit");
    }
    if (grants.roles().isEmpty()) {
      throw new Fault(
          FaultCode.BAD_REQUEST,
          "'roles' names at least one project with a role, such as [{\"project\": \"shop\", \"role\": \"query\"}]");
    }
    claims = Map.copyOf(claims);
  }

  Caller caller() {
    return new Caller("key:" + id, name, grants, claims);
  }

  boolean isExpired(Instant now) {
    return expiresAt != null && !now.isBefore(expiresAt);
  }
}
