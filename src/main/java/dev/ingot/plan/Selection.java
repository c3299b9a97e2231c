package dev.ingot.plan;

import java.util.List;

/**
 * What is asked of a plan.
 *
 * @param sources names of the sources to build, with all that depends on them; empty means all
 * @param forceRefresh builds these and their dependants even where a table could be reused
 * @param freshness whether data that changed is a reason to build
 */
public record Selection(List<String> sources, boolean forceRefresh, Freshness freshness) {

  /** What is made of data that changed under an unchanged model. */
  public enum Freshness {
    /** What was built from it is built anew. */
    CHECK,
    /** Nothing. */
    IGNORE
  }

  /** Everything, as far as it isn't built already. */
  public static final Selection ALL = new Selection(List.of(), false, Freshness.CHECK);

  public Selection {
    sources = List.copyOf(sources);
  }

  public boolean isEverything() {
    return sources.isEmpty();
  }
}
