package dev.ingot.engine.duckdb;

import dev.ingot.project.Home;
import dev.ingot.project.PackageKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names of packages' folders in which DuckDB sees nothing but folders. It would take brackets for a
 * pattern, a backslash for a separator, and {@code year=2026} for a column of each file below. Such
 * a folder is named by a link in the home, which DuckDB follows before it checks what is allowed.
 */
final class PlainNames {

  private static final Logger log = LoggerFactory.getLogger(PlainNames.class);
  private static final Pattern SPECIAL = Pattern.compile("[*?\\[\\]\\\\=]");

  private final Home home;

  PlainNames(Home home) {
    this.home = home;
  }

  /** The folder itself unless its name is special. */
  Path of(PackageKey key, Path folder) {
    if (!SPECIAL.matcher(folder.toString()).find()) {
      return folder;
    }
    Path link = home.scratch("folders/" + key.project()).resolve(key.name().value());
    try {
      Files.deleteIfExists(link);
      return Files.createSymbolicLink(link, folder);
    } catch (IOException e) {
      log.warn("Globs of {} may not be read: {} can't be made", folder, link, e);
      return folder;
    }
  }
}
