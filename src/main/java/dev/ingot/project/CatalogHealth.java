package dev.ingot.project;

import java.util.Optional;

/** Whether the catalogs of shared projects answer. */
public interface CatalogHealth {

  /**
   * @param project a shared one
   * @return why its catalog doesn't answer now, shortly and without secrets; empty while it does
   */
  Optional<String> failure(Project project);
}
