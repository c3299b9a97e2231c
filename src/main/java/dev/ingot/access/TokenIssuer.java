package dev.ingot.access;

import dev.ingot.access.AccessSettings.IssuerSettings;
import dev.ingot.access.AccessSettings.RoleSettings;
import dev.ingot.fault.Fault;
import dev.ingot.fault.StartupFailure;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;

/** One whose tokens are taken: how they are checked, and what they give. */
final class TokenIssuer {

  private final IssuerSettings settings;
  private final JwtDecoder decoder;

  private final List<Worth> worths;

  /** What a claim of this value gives. */
  private record Worth(String claim, String value, Grants grants) {

    boolean isOf(Map<String, Object> claims) {
      Object said = claims.get(claim);
      return said instanceof Collection<?> several
          ? several.stream().anyMatch(one -> String.valueOf(one).equals(value))
          : said != null && String.valueOf(said).equals(value);
    }
  }

  /**
   * Nothing is asked yet: an issuer that doesn't answer now keeps nobody else out.
   *
   * @throws StartupFailure when a setting can't be used
   */
  TokenIssuer(IssuerSettings settings) {
    this.settings = settings;
    if (settings.issuer().isBlank() || settings.audience().isBlank()) {
      throw refuse(settings, "it needs both issuer and audience");
    }
    worths = settings.roles().stream().map(role -> worth(settings, role)).toList();
    Set<SignatureAlgorithm> algorithms =
        settings.algorithms().stream()
            .map(name -> algorithm(settings, name))
            .collect(Collectors.toUnmodifiableSet());
    decoder = new SupplierJwtDecoder(() -> decoder(algorithms));
  }

  private static Worth worth(IssuerSettings settings, RoleSettings role) {
    if (role.claim().isBlank() || role.value().isBlank()) {
      // An issuer's tokens are often anybody's: of a forge, all who have an account there.
      throw refuse(settings, "a role needs the claim and the value that it comes with");
    }
    try {
      return new Worth(role.claim(), role.value(), Grants.one(role.project(), role.role()));
    } catch (Fault e) {
      throw refuse(settings, e.detail());
    }
  }

  private static SignatureAlgorithm algorithm(IssuerSettings settings, String name) {
    SignatureAlgorithm known = SignatureAlgorithm.from(name);
    if (known == null) {
      throw refuse(
          settings,
          "'%s' is no signature with a public key, such as RS256 or ES256".formatted(name));
    }
    return known;
  }

  private static StartupFailure refuse(IssuerSettings settings, String what) {
    return new StartupFailure(
        "The issuer %s can't be used: %s".formatted(settings.issuer(), what),
        "Mend its settings under ingot.access.issuers");
  }

  private NimbusJwtDecoder decoder(Set<SignatureAlgorithm> algorithms) {
    String keys = settings.jwksUri();
    NimbusJwtDecoder made =
        (keys == null
                ? NimbusJwtDecoder.withIssuerLocation(settings.issuer())
                : NimbusJwtDecoder.withJwkSetUri(keys))
            .jwsAlgorithms(all -> {
              all.clear();
              all.addAll(algorithms);
            })
            .build();
    made.setJwtValidator(validator());
    return made;
  }

  private OAuth2TokenValidator<Jwt> validator() {
    return new DelegatingOAuth2TokenValidator<>(
        new JwtTimestampValidator(settings.clockSkew()),
        new JwtIssuerValidator(settings.issuer()),
        new JwtClaimValidator<Object>(JwtClaimNames.EXP, Objects::nonNull),
        new JwtClaimValidator<Collection<String>>(
            JwtClaimNames.AUD, all -> all != null && all.contains(settings.audience())));
  }

  /**
   * @throws InvalidBearerTokenException when it isn't to be trusted
   * @throws JwtException when the issuer can't be asked for its keys
   */
  Caller caller(String token) {
    Jwt jwt;
    try {
      jwt = decoder.decode(token);
    } catch (BadJwtException e) {
      throw new InvalidBearerTokenException(String.valueOf(e.getMessage()), e);
    }
    Map<String, Object> claims = new HashMap<>(jwt.getClaims());
    claims.values().removeIf(Objects::isNull);
    String subject = Objects.requireNonNullElse(jwt.getSubject(), "");
    Object name = claims.getOrDefault(settings.nameClaim(), subject);
    return new Caller(
        "token:%s#%s".formatted(settings.issuer(), subject),
        String.valueOf(name),
        granted(claims),
        claims);
  }

  private Grants granted(Map<String, Object> claims) {
    return worths.stream()
        .filter(worth -> worth.isOf(claims))
        .map(Worth::grants)
        .reduce(Grants.NONE, Grants::and);
  }
}
