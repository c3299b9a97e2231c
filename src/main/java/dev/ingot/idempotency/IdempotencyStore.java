package dev.ingot.idempotency;

import java.time.Instant;

/** Where keys are kept. Every method is one transaction. */
public interface IdempotencyStore {

  /**
   * Puts a request on record, or finds what is known of its key.
   *
   * @param scope of the key
   * @param fingerprint of all that the request asks for
   * @param oldest what is older is forgotten
   * @return never {@link Begun.InWork}: who works is not on record
   */
  Begun begin(String scope, String fingerprint, Instant now, Instant oldest);

  /** Keeps the answer of a request that is on record. */
  void answer(String scope, KeptAnswer answer);

  /** Forgets what is older. */
  void forget(Instant oldest);
}
