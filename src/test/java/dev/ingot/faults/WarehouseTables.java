package dev.ingot.faults;

import dev.ingot.testing.TestDatabase;
import dev.ingot.testing.Wait;
import java.util.List;
import java.util.function.Supplier;

/** What a {@link FaultDag} has in its PostgreSQL. */
record WarehouseTables(TestDatabase database) {

  private static final String OWN =
      """
      SELECT split_part(obj_description(oid, 'pg_class'), ' ', 3) FROM pg_class
      WHERE relkind = 'r' AND obj_description(oid, 'pg_class') LIKE 'ingot generation %'
      """;

  private static final String VIEWS =
      """
      SELECT relname FROM pg_class
      WHERE relkind = 'v' AND obj_description(oid, 'pg_class') LIKE 'ingot %'
      """;

  /** How much of the data each declared name has seen, in one look. */
  private static final String SHOWN =
      """
      SELECT concat_ws(' ', (SELECT max(version) FROM base), (SELECT lv FROM lefts),
        (SELECT rv FROM rights))
      """;

  /** The generations that are there. */
  List<String> generations() {
    return database.column(OWN).stream().sorted().toList();
  }

  List<String> views() {
    return database.column(VIEWS);
  }

  /** Such as {@code 1 1 1}. */
  String shown() {
    return database.column(SHOWN).getFirst();
  }

  static String all(int data) {
    return "%1$d %1$d %1$d".formatted(data);
  }

  /** Returns when its views show this, having seen nothing else than it and what was before. */
  void awaitShown(int before, int data) {
    Wait.until(
        "its views show version %d of the data".formatted(data),
        () -> {
          String now = shown();
          if (!now.equals(all(before)) && !now.equals(all(data))) {
            throw new AssertionError("a mix of versions: " + now);
          }
          return now.equals(all(data));
        });
  }

  /** Returns when there is one whole generation of each target, on record and in the database. */
  void awaitNothingLeftOver(Supplier<List<String>> records) {
    Wait.until(
        "nothing is left over",
        () -> {
          List<String> recorded = records.get().stream().sorted().toList();
          return recorded.size() == FaultDag.TARGETS && recorded.equals(generations());
        });
    Wait.until("each of its names is a view", () -> views().size() == FaultDag.TARGETS);
  }
}
