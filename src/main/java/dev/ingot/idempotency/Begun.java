package dev.ingot.idempotency;

/** What becomes of a request that has a key. */
public sealed interface Begun {

  /**
   * It is to be carried out.
   *
   * @param scope what the key is on record as
   * @param operation an id for what it creates, the same for each attempt
   * @param again an earlier attempt was broken off, and may have created that
   */
  record Mine(String scope, String operation, boolean again) implements Begun {}

  /** It was, and so it was answered. */
  record Answered(KeptAnswer answer) implements Begun {}

  /** It is being carried out just now. */
  record InWork() implements Begun {}

  /** The key was sent with another request. */
  record Reused() implements Begun {}
}
