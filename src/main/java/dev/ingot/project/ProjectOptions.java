package dev.ingot.project;

import org.jspecify.annotations.Nullable;

/**
 * What a project has beside its storage.
 *
 * @param givens those that requests can't set
 * @param webhooks who is told of its builds
 */
public record ProjectOptions(GivenBindings givens, Webhooks webhooks) {

  public static final ProjectOptions NONE = new ProjectOptions(GivenBindings.NONE, Webhooks.NONE);

  /**
   * With what somebody speaks of; the rest stays.
   *
   * @param newGivens null keeps them
   * @param newWebhooks null keeps them
   */
  public ProjectOptions with(@Nullable GivenBindings newGivens, @Nullable Webhooks newWebhooks) {
    return new ProjectOptions(
        newGivens == null ? givens : newGivens, newWebhooks == null ? webhooks : newWebhooks);
  }
}
