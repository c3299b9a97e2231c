package dev.ingot.project;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What lay in a package's folder at one moment.
 *
 * @param hash over the models' texts, the data files' paths, sizes and times, and what {@code
 *     publisher.json} says of queries; equal hashes mean equal content
 * @param models text by path, both as the models import them: relative, with forward slashes
 * @param unreadable why a model has no text, by path
 * @param dataFiles CSV, Parquet and JSON files, by their relative path
 */
public record PackageSnapshot(
    PackageKey key,
    Path folder,
    String hash,
    PublisherJson manifest,
    SequencedMap<String, String> models,
    Map<String, String> unreadable,
    List<String> dataFiles) {

  /**
   * The models whose exports alone may be queried; empty where everything may. See {@link
   * PublisherJson#explores}.
   */
  public Optional<List<String>> queryable() {
    return manifest.restricts() ? Optional.of(listed()) : Optional.empty();
  }

  /** The models that are listed: those that the author explores, else all. */
  public List<String> listed() {
    return models.sequencedKeySet().stream().filter(manifest::lists).toList();
  }
}
