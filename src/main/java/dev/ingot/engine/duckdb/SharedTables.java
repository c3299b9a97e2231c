package dev.ingot.engine.duckdb;

import dev.ingot.project.BucketSettings;
import dev.ingot.project.MaterializationStorage;
import dev.ingot.project.PackageKey;
import dev.ingot.project.Project;
import dev.ingot.project.ProjectStore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Says which packages keep their tables where other servers read them, and how. */
@Component
class SharedTables {

  private final ProjectStore projects;
  private final BucketSettings buckets;
  private final DuckDbExtensions extensions;

  /** Looked for when it is needed: most servers share nothing. */
  private final ObjectProvider<Lake> lake;

  SharedTables(
      ProjectStore projects,
      BucketSettings buckets,
      DuckDbExtensions extensions,
      ObjectProvider<Lake> lake) {
    this.projects = projects;
    this.buckets = buckets;
    this.extensions = extensions;
    this.lake = lake;
  }

  /** Null when the package's tables lie in its own database. */
  @Nullable SharedFolder folder(PackageKey key) {
    MaterializationStorage storage =
        projects.project(key.project()).map(Project::storage).orElse(null);
    return storage == null
        ? null
        : new SharedFolder(key, storage.data(), buckets.access(storage).orElse(null), extensions);
  }

  /** What keeps a database's generations in the folder. */
  Function<Definitions, TableStore> in(SharedFolder folder, DuckDbDatabase database) {
    return definitions ->
        new ParquetTables(
            new ParquetFiles(database, folder), database, definitions, lake.getObject());
  }
}
