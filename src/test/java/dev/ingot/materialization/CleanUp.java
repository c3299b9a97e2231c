package dev.ingot.materialization;

import dev.ingot.project.PackageKey;
import dev.ingot.testing.Server;

/** The end of a run's clean-up, which comes after its SUCCESS can be seen. */
public final class CleanUp {

  private CleanUp() {}

  /** Returns when no run of the package is at work any more. */
  public static void await(Server server, PackageKey key) {
    server.bean(PackageTurns.class).take(key, () -> {});
  }
}
