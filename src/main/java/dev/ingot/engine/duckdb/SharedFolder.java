package dev.ingot.engine.duckdb;

import dev.ingot.engine.elsewhere.Destination;
import dev.ingot.project.BucketAccess;
import dev.ingot.project.DataPath;
import dev.ingot.project.PackageKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the tables of one package of a shared project lie, and how it is reached.
 *
 * @param access null for a mounted folder, or a bucket that everybody may read and write
 */
record SharedFolder(
    PackageKey key, DataPath data, @Nullable BucketAccess access, DuckDbExtensions extensions) {

  /** As DuckDB names it, with a slash at its end. */
  String path() {
    return "%s/%s/%s/".formatted(data.root(), key.project(), key.name());
  }

  /** Where it is reached over HTTP. */
  Set<Destination> destinations() {
    return data.isRemote()
        ? Set.of(Destination.ofBucket(access, data.scheme().equals("gs"), true))
        : Set.of();
  }

  /** Loads and tells DuckDB what it needs to reach the folder. */
  void prepare(Connection connection) {
    if (data.isRemote()) {
      extensions.load(connection, "httpfs");
    }
    if (access != null) {
      DuckDbSecret.create(connection, data, access);
    }
  }

  /** A file in it when it is mounted here; empty when it lies in a bucket. */
  Optional<Path> mounted(String file) {
    return data.folder().isEmpty() ? Optional.empty() : Optional.of(Path.of(file));
  }

  /** A bucket has no folders to make. */
  void create() {
    mounted(path())
        .ifPresent(folder -> {
          try {
            Files.createDirectories(folder);
          } catch (IOException e) {
            throw new UncheckedIOException("Can't create " + folder, e);
          }
        });
  }
}
