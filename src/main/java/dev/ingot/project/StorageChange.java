package dev.ingot.project;

import java.util.List;

/**
 * A project whose storage was set.
 *
 * @param warnings what is unwise about the storage's catalog, each as one sentence
 */
public record StorageChange(Project project, List<String> warnings) {

  public StorageChange {
    warnings = List.copyOf(warnings);
  }
}
