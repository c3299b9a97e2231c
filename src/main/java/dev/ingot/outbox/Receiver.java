package dev.ingot.outbox;

import java.io.IOException;

/** Somebody who is told; its text says who, without secrets. */
public interface Receiver {

  /** What the ids begin with of those who are the server's own, not a project's. */
  String OWN = "server:";

  /** What {@link Delivery#receiver} says of his. */
  String id();

  /** How often he is told. */
  Patience patience();

  /**
   * Tells him once.
   *
   * @throws NeverTaken when there is no use in telling him again
   * @throws IOException when it wasn't taken, and why
   */
  void send(Delivery delivery) throws IOException;

  /** He will never take it. */
  final class NeverTaken extends IOException {
    public NeverTaken(IOException refusal) {
      super(refusal.getMessage(), refusal);
    }
  }
}
