package dev.ingot.project;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.fault.Printable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The givens of a project's models that have their values from whoever asks, not from what is
 * asked: no request can set them.
 *
 * @param claims the claim of the asker's key or token, by the given's name
 */
public record GivenBindings(Map<String, String> claims) {

  public static final GivenBindings NONE = new GivenBindings(Map.of());

  /** What a binding begins with; the rest is the claim's name. */
  public static final String CLAIM = "claim:";

  private static final Pattern GIVEN = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]{0,127}");
  private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}\\s]{1,200}");

  /**
   * @throws Fault BAD_REQUEST
   */
  public GivenBindings {
    claims.forEach(GivenBindings::require);
    claims = Collections.unmodifiableMap(new TreeMap<>(claims));
  }

  private static void require(String given, String claim) {
    if (!GIVEN.matcher(given).matches()) {
      throw new Fault(
          FaultCode.BAD_REQUEST,
          "'%s' in 'givens' is no name of a given".formatted(Printable.of(given)));
    }
    if (!NAME.matcher(claim).matches()) {
      throw new Fault(
          FaultCode.BAD_REQUEST,
          "The claim of the given '%s' is a name of 1 to 200 characters without blanks"
              .formatted(given));
    }
  }

  /**
   * As settings and the API have it: {@code {"ORG": "claim:org_id"}}.
   *
   * @throws Fault BAD_REQUEST
   */
  public static GivenBindings parse(Map<String, ? extends @Nullable String> bindings) {
    var claims = new TreeMap<String, String>();
    bindings.forEach((given, binding) -> {
      if (binding == null || !binding.startsWith(CLAIM)) {
        throw new Fault(
            FaultCode.BAD_REQUEST,
            "The given '%s' can be bound to a claim of the caller's key or token, such as \"claim:org_id\", and to nothing else"
                .formatted(Printable.of(given)));
      }
      claims.put(given, binding.substring(CLAIM.length()));
    });
    return new GivenBindings(claims);
  }

  /** As {@link #parse} takes it. */
  public Map<String, String> shown() {
    var shown = new TreeMap<String, String>();
    claims.forEach((given, claim) -> shown.put(given, CLAIM + claim));
    return shown;
  }
}
