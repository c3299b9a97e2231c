package dev.ingot;

import java.time.Duration;

/**
 * Ends the process of a server that was asked to end and can't: what runs in native code is not
 * interrupted by anything, and what is to be closed may wait for it. Nothing is lost that a kill
 * doesn't lose either.
 */
final class LastResort {

  /** After the grace, for what is closed then. */
  private static final Duration MARGIN = Duration.ofMillis(500);

  /** As a process that is ended by SIGTERM. */
  private static final int EXIT_CODE = 128 + 15;

  private LastResort() {}

  /**
   * To be called once.
   *
   * @param grace for requests and runs, once the JVM ends
   */
  static void endAfter(Duration grace) {
    // The hook itself must return: the JVM waits for it, and ends the daemon where all went well.
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("last-resort")
                .unstarted(() ->
                    Thread.ofPlatform()
                        .daemon()
                        .name("last-resort-wait")
                        .start(() -> halt(grace.plus(MARGIN)))));
  }

  private static void halt(Duration wait) {
    try {
      Thread.sleep(wait);
      Runtime.getRuntime().halt(EXIT_CODE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
