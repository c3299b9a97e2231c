package dev.ingot.materialization;

import dev.ingot.manifest.PackageTurns;
import dev.ingot.manifest.Turn;
import dev.ingot.project.PackageKey;
import dev.ingot.testing.Server;

/** What is cleaned up behind runs, which comes after their SUCCESS can be seen. */
public final class CleanUp {

  private CleanUp() {}

  /** Returns when no run of the package is at work any more. */
  public static void await(Server server, PackageKey key) {
    var _ = server.bean(PackageTurns.class).take(key, Turn::key);
  }

  /** One round of the janitor, now. */
  public static void round(Server server) {
    server.bean(JanitorRounds.class).round();
  }
}
