package dev.ingot.faults;

import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.TestDatabase;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A package of five targets: {@code base}, two on top of it that its query joins, one more, and one
 * that takes as long as its data says.
 */
final class FaultDag {

  static final String MODEL = "dag.malloy";

  /** Sums over two targets, and how much of the data each has seen: equal in a whole answer. */
  static final String QUERY = "run: both -> { select: * }";

  static final int TARGETS = 5;

  private static final String TEXT =
      """
      source: facts is duckdb.table('data/facts.csv') extend { measure: n is count() }
      #@ persist
      source: base is facts -> { group_by: k; aggregate: total is v.sum(), version is v.max() }
      #@ persist
      source: lefts is base -> { aggregate: l is total.sum(), lv is version.max() }
      #@ persist
      source: rights is base -> { aggregate: r is total.sum(), rv is version.max() }
      #@ persist
      source: keys is facts -> { aggregate: n }
      #@ persist
      source: slow is duckdb.sql(\"""
        SELECT hash(a.range, b.range) AS h
        FROM 'data/slow.csv' length, range(length.n) a, range(10000000) b
      \""") -> { aggregate: h is h.max() }
      source: both is lefts extend { join_cross: rights } -> { select: l, lv, rights.r, rights.rv }
      """;

  /** The connection of those whose data lies in PostgreSQL. */
  static final String WAREHOUSE = "warehouse";

  private static final String ON_POSTGRES =
      TEXT.replace("duckdb.table('data/facts.csv')", "warehouse.table('public.facts')")
          .replaceFirst(
              "(?s)source: slow is duckdb.*?-> .*?\\n",
              "source: slow is warehouse.sql(\"\"\"SELECT k AS h FROM public.facts WHERE (SELECT pg_sleep(seconds)::text FROM public.pace) IS NOT NULL\"\"\") -> { aggregate: h is h.max() }\n");

  private final PackageFiles files;
  private final @Nullable TestDatabase database;

  private FaultDag(PackageFiles files, @Nullable TestDatabase database) {
    this.files = files;
    this.database = database;
  }

  /** The same over a database, all of it fast until it is told otherwise. */
  static FaultDag on(Path folder, TestDatabase database) {
    var dag = new FaultDag(PackageFiles.create(folder), database);
    dag.files.model(MODEL, ON_POSTGRES);
    database.execute("CREATE TABLE facts (k int, v int); CREATE TABLE pace AS SELECT 0 AS seconds");
    dag.data(1);
    return dag;
  }

  /** The same package for another server; its data is the database's. */
  void copyTo(Path folder) {
    PackageFiles.create(folder).model(MODEL, ON_POSTGRES);
  }

  static FaultDag create(Path folder) {
    var dag = new FaultDag(PackageFiles.create(folder), null);
    dag.files.model(MODEL, TEXT);
    dag.data(1);
    dag.slow(false);
    return dag;
  }

  /** Other data: all that is built over it has another answer. */
  void data(int version) {
    if (database != null) {
      database.execute(
          "TRUNCATE facts; INSERT INTO facts VALUES (1, %1$d), (2, %1$d)".formatted(version));
      return;
    }
    files.file("data/facts.csv", "k,v\n1,%d\n2,%d\n".formatted(version, version));
  }

  /** What {@link #QUERY} gives where all of it is from one version of the data. */
  static String answer(int version) {
    return "[{\"l\":%1$d,\"lv\":%2$d,\"r\":%1$d,\"rv\":%2$d}]".formatted(2 * version, version);
  }

  /** Of one target over a database, with the same BuildID. */
  void seconds(int seconds) {
    Objects.requireNonNull(database).execute("UPDATE pace SET seconds = " + seconds);
  }

  /** Hours or milliseconds, with the same BuildID. */
  void slow(boolean hours) {
    rows(hours ? 10_000_000 : 0);
  }

  /** That many tens of millions of rows, with the same BuildID; ten of them take about a second. */
  void rows(int tensOfMillions) {
    files.file("data/slow.csv", "n\n%d\n".formatted(tensOfMillions));
  }
}
