package dev.ingot.manifest;

import dev.ingot.project.PackageKey;

/**
 * That a package can't be built, moved, cleaned up or removed by anybody else here: who has it may
 * do so. What needs a turn takes it as an argument, and only {@link PackageTurns} gives one.
 */
public final class Turn {

  private final PackageKey key;
  private volatile boolean over;

  Turn(PackageKey key) {
    this.key = key;
  }

  /**
   * Whose turn it is.
   *
   * @throws IllegalStateException when it is over
   */
  public PackageKey key() {
    if (over) {
      throw new IllegalStateException("the turn of %s is over".formatted(key));
    }
    return key;
  }

  void end() {
    over = true;
  }
}
