package dev.ingot.materialization;

import java.util.UUID;

/**
 * The id of a run that is to be created.
 *
 * @param again it was tried before, and may be there
 */
public record NewRun(String value, boolean again) {

  /** One that nobody has tried. */
  public static NewRun once() {
    return new NewRun(UUID.randomUUID().toString(), false);
  }
}
