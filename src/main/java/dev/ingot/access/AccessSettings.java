package dev.ingot.access;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may ask.
 *
 * @param adminKey of an admin of everything, at least 32 characters; it is kept nowhere
 * @param adminKeyFile a file that has it
 * @param issuers of tokens
 * @param allowedOrigins of pages in browsers that may ask, such as {@code https://bi.example}
 * @param requestsPerMinute of each caller; 0 for no limit
 * @param queriesAtOnce of each caller; 0 for no limit
 * @param auditLog the file that says who did what; a name without a folder is one in the home, and
 *     {@code off} is none
 */
@ConfigurationProperties("ingot.access")
public record AccessSettings(
    @Nullable String adminKey,
    @Nullable String adminKeyFile,
    @DefaultValue List<IssuerSettings> issuers,
    @DefaultValue List<String> allowedOrigins,
    @DefaultValue("0") int requestsPerMinute,
    @DefaultValue("0") int queriesAtOnce,
    @DefaultValue("audit.jsonl") String auditLog) {

  /**
   * Somebody whose tokens are taken.
   *
   * @param issuer as the tokens' {@code iss} says it
   * @param audience that must be among the tokens' {@code aud}
   * @param jwksUri where its keys are; null asks the issuer, as OpenID Connect has it
   * @param algorithms that its tokens may be signed with
   * @param nameClaim what callers are called by
   * @param clockSkew that the issuer's clock may differ
   * @param roles of who has certain claims
   * @param console how people sign in there with the issuer
   */
  public record IssuerSettings(
      @DefaultValue("") String issuer,
      @DefaultValue("") String audience,
      @Nullable String jwksUri,
      @DefaultValue({"RS256", "ES256"}) List<String> algorithms,
      @DefaultValue("sub") String nameClaim,
      @DefaultValue("30s") Duration clockSkew,
      @DefaultValue List<RoleSettings> roles,
      @DefaultValue ConsoleSettings console) {}

  /**
   * What the console says to the issuer.
   *
   * @param clientId that the issuer knows it by, as a public client; without it nobody signs in
   * @param scopes that it asks for
   * @param parameters that it sends beside those of the standard, such as {@code resource}
   */
  public record ConsoleSettings(
      @DefaultValue("") String clientId,
      @DefaultValue("openid") List<String> scopes,
      @DefaultValue Map<String, String> parameters) {}

  /**
   * A role that comes with a claim.
   *
   * @param claim its name
   * @param value that it must be, or have among others
   * @param project a name, or {@code *} for all
   */
  public record RoleSettings(
      @DefaultValue("") String claim,
      @DefaultValue("") String value,
      @DefaultValue("") String project,
      @DefaultValue("") String role) {}

  /** Whether they say of anybody that he may ask. */
  boolean isConfigured() {
    return adminKey != null || adminKeyFile != null || !issuers.isEmpty();
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "ingot.access.admin-key %s, ingot.access.admin-key-file %s, %d issuers"
        .formatted(adminKey == null ? "not set" : "set", adminKeyFile, issuers.size());
  }
}
