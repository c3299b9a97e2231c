package dev.ingot.manifest;

import dev.ingot.engine.TableName;
import java.util.List;

/**
 * What a manifest version has for one target.
 *
 * @param declared the name for people, which a rename moves without a build
 */
public record ManifestEntry(Generation generation, TableName declared, List<String> sourceNames) {

  public ManifestEntry {
    sourceNames = List.copyOf(sourceNames);
  }

  public String buildId() {
    return generation.buildId();
  }
}
