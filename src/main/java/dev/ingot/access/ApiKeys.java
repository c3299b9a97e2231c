package dev.ingot.access;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The keys of this server. What each request asks of them is answered from memory. */
@Component
public class ApiKeys {

  private final ApiKeyStore store;
  private final AccessSettings settings;
  private final Clock clock;

  /** By their ids; this process alone changes them. */
  private volatile Map<String, ApiKey> known;

  ApiKeys(ApiKeyStore store, AccessSettings settings, Clock clock) {
    this.store = store;
    this.settings = settings;
    this.clock = clock;
    known = read();
  }

  private Map<String, ApiKey> read() {
    return store.all().stream().collect(Collectors.toMap(ApiKey::id, Function.identity()));
  }

  /** By their names. */
  public List<ApiKey> all() {
    return known.values().stream().sorted(Comparator.comparing(ApiKey::name)).toList();
  }

  /** Also when it fails: a commit without an answer may have been done. */
  private boolean change(BooleanSupplier change) {
    try {
      return change.getAsBoolean();
    } finally {
      known = read();
    }
  }

  boolean isEmpty() {
    return known.isEmpty();
  }

  /**
   * @throws Fault KEY_NOT_FOUND
   */
  public ApiKey get(String id) {
    return Optional.ofNullable(known.get(id)).orElseThrow(() -> notFound(id));
  }

  private static Fault notFound(String id) {
    return new Fault(
        FaultCode.KEY_NOT_FOUND,
        "There is no key with the id '%s'; GET /api/v0/keys lists them".formatted(id));
  }

  /**
   * What was made, once: nobody can be told the key again.
   *
   * @param text the key itself
   */
  public record Made(ApiKey key, String text) {

    /** Without the key itself. */
    @Override
    public String toString() {
      return key.id();
    }
  }

  /**
   * @param expiresAt null for never
   * @throws Fault KEY_EXISTS, INVALID_NAME, BAD_REQUEST; LAST_ADMIN when nobody could use the
   *     server any more
   */
  public synchronized Made make(
      String name,
      Grants grants,
      Map<String, Object> claims,
      @Nullable Instant expiresAt,
      Caller by) {
    Instant now = clock.instant();
    KeyText text = KeyText.make();
    var key = new ApiKey(text.id(), name, text.hash(), grants, claims, expiresAt, now, by.name());
    if (key.isExpired(now)) {
      throw new Fault(FaultCode.BAD_REQUEST, "'expiresAt' is over already: give a time to come");
    }
    if (!settings.isConfigured() && known.isEmpty() && !isLastingAdmin(key)) {
      throw new Fault(
          FaultCode.LAST_ADMIN,
          "From the first key on nobody gets in without one: let it have the role admin in project '*' and no 'expiresAt'");
    }
    if (!change(() -> store.insert(key))) {
      throw new Fault(FaultCode.KEY_EXISTS, "There is a key named '%s' already".formatted(name));
    }
    return new Made(key, text.text());
  }

  /**
   * From now on nobody gets in with it.
   *
   * @throws Fault KEY_NOT_FOUND; LAST_ADMIN when nobody could make keys any more
   */
  public synchronized void revoke(String id) {
    ApiKey key = get(id);
    boolean needed =
        !settings.isConfigured()
            && isLastingAdmin(key)
            && known.values().stream().filter(ApiKeys::isLastingAdmin).count() == 1;
    if (needed) {
      throw new Fault(
          FaultCode.LAST_ADMIN,
          "'%s' is the last admin's key that doesn't expire: make another one first, or start with ingot.access.admin-key-file"
              .formatted(key.name()));
    }
    if (!change(() -> store.delete(id))) {
      throw notFound(id);
    }
  }

  private static boolean isLastingAdmin(ApiKey key) {
    return key.grants().everywhere(Role.ADMIN) && key.expiresAt() == null;
  }

  /** Whose key it is; empty when it is nobody's, or nobody's any more. */
  Optional<Caller> caller(KeyText text) {
    return Optional.ofNullable(known.get(text.id()))
        .filter(key -> isEqual(key.hash(), text.hash()) && !key.isExpired(clock.instant()))
        .map(ApiKey::caller);
  }

  /** In a time that says nothing of where they differ. */
  static boolean isEqual(String one, String other) {
    return MessageDigest.isEqual(one.getBytes(US_ASCII), other.getBytes(US_ASCII));
  }
}
