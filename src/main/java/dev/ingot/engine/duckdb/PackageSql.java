package dev.ingot.engine.duckdb;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.ingot.engine.Engine.EngineException;
import dev.ingot.project.AttachedDatabase;

/** Lets a package's SQL do nothing but select from what it may read. */
final class PackageSql {

  private static final int KNOWN = 1_000;

  private final DuckDbDatabase database;
  private final DataFileViews dataFiles;

  /** What was looked into; by the SQL, since it takes DuckDB's parser to tell. */
  private final Cache<String, ReadsElsewhere> elsewhere =
      Caffeine.newBuilder().maximumSize(KNOWN).build();

  PackageSql(DuckDbDatabase database, DataFileViews dataFiles) {
    this.database = database;
    this.dataFiles = dataFiles;
  }

  /**
   * The SQL as DuckDB is given it.
   *
   * @throws EngineException when a package may not have it run
   */
  String runnable(String select) {
    check(select);
    return dataFiles.inReaderCalls(select);
  }

  /**
   * @return the SQL as it was given
   * @throws EngineException when a package may not have it run
   */
  String check(String sql) {
    AllowedCalls.check(sql, database.hardening().grants().refusedNames());
    ReadsElsewhere reads = elsewhere(sql);
    Grants grants = database.hardening().grants();
    reads
        .urls()
        .forEach(url ->
            grants.of(url).ifPresentOrElse(one -> requireHad(grants, one), () -> requireOwn(url)));
    reads
        .qualifiers()
        .forEach(name -> grants.database(name).ifPresent(one -> requireHad(grants, one)));
    return sql;
  }

  /** Of a shared project its tables' files, which DuckDB lets it read. */
  private void requireOwn(String url) {
    SharedFolder shared = database.hardening().shared();
    if (shared == null || !url.startsWith(shared.path())) {
      throw notGranted(url);
    }
  }

  static EngineException notGranted(String url) {
    return new EngineException(
        "'%s' lies where nothing is granted: give the project's connection duckdb an attached database with a prefix that it begins with, or copy the file into the package"
            .formatted(url),
        new IllegalArgumentException(url));
  }

  private static void requireHad(Grants grants, AttachedDatabase one) {
    grants
        .refusal(one)
        .ifPresent(why -> {
          throw new EngineException(
              "The attached database '%s' can't be read now: %s".formatted(one.name(), why),
              new IllegalStateException(why));
        });
  }

  /**
   * What a SELECT reads that doesn't lie in the package.
   *
   * @throws EngineException when it names files in a way that can't be checked
   */
  ReadsElsewhere elsewhere(String select) {
    if (!database.hardening().reachesOut()) {
      return ReadsElsewhere.NOTHING;
    }
    ReadsElsewhere known = elsewhere.getIfPresent(select);
    if (known == null) {
      known = ReadsElsewhere.of(database, select, database.hardening().grants());
      elsewhere.put(select, known);
    }
    return known;
  }

  /** Others are granted, who ask for another look. */
  void reopened() {
    elsewhere.invalidateAll();
  }
}
