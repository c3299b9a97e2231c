package dev.ingot.project;

/**
 * What a project has beside its storage.
 *
 * @param givens those that requests can't set
 * @param webhooks who is told of its builds
 */
public record ProjectOptions(GivenBindings givens, Webhooks webhooks) {

  public static final ProjectOptions NONE = new ProjectOptions(GivenBindings.NONE, Webhooks.NONE);

  public ProjectOptions withGivens(GivenBindings newGivens) {
    return new ProjectOptions(newGivens, webhooks);
  }
}
