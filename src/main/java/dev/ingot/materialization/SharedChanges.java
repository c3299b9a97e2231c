package dev.ingot.materialization;

import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;

/** What the servers of shared projects do to each other. */
public interface SharedChanges {

  /** Is told on threads of the catalogs' own, at least once of each change. */
  interface Listener {

    /** A run that this server carries out is RUNNING no more, or not this server's. */
    void ended(PackageKey key, String runId, String why);

    /**
     * The newest version that servers are to follow, also when it isn't new.
     *
     * @param version 0 before the first
     */
    void published(PackageKey key, long version);

    /** A run's server has let its time pass. */
    void lost(PackageKey key, String runId);

    /** The catalog of a project answered; told every few seconds. */
    void answered(ProjectName project);
  }

  void listen(Listener listener);
}
