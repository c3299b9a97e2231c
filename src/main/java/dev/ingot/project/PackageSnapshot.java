package dev.ingot.project;

import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What lay in a package's folder at one moment.
 *
 * @param hash over the models' texts and the data files' paths, sizes and times; equal hashes mean
 *     equal content
 * @param models text by path, both as the models import them: relative, with forward slashes
 * @param dataFiles CSV, Parquet and JSON files, by their relative path
 */
public record PackageSnapshot(
    PackageKey key,
    Path folder,
    String hash,
    Manifest manifest,
    SequencedMap<String, String> models,
    List<String> dataFiles) {

  /** {@code publisher.json}. */
  public record Manifest(
      @Nullable String name, @Nullable String version, @Nullable String description) {}
}
