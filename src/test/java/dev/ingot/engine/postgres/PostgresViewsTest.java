package dev.ingot.engine.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.engine.Engine.EngineException;
import dev.ingot.engine.TableName;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Declared names as views in a database that others use too. */
class PostgresViewsTest extends PostgresUnderTest {

  private static final TableName OTHER = new TableName("main", "others");

  @Test
  void aViewWhoseColumnsChangeKeepsItsGrants() {
    build(TABLE, "SELECT 1 AS one, 2 AS two");
    build(SECOND, "SELECT 'x'::text AS one");
    engine.publishViews(Map.of(VIEW, TABLE), Set.of(), "p/shop");
    database.execute(
        """
        GRANT USAGE ON SCHEMA main TO pg_monitor;
        GRANT SELECT ON main.orders TO pg_monitor WITH GRANT OPTION;
        GRANT SELECT, INSERT ON main.orders TO PUBLIC
        """);
    String grants =
        """
        SELECT string_agg(concat_ws(' ', CASE grantee WHEN 0 THEN 'PUBLIC'
          ELSE pg_get_userbyid(grantee) END, privilege_type, is_grantable), ', '
          ORDER BY grantee, privilege_type)
        FROM pg_class, aclexplode(relacl)
        WHERE oid = 'main.orders'::regclass AND grantee <> relowner
        """;
    List<String> before = database.column(grants);

    assertThat(engine.publishViews(Map.of(VIEW, SECOND), Set.of(), "p/shop")).isEmpty();

    assertThat(read("SELECT one FROM orders")).isEqualTo("x");
    assertThat(database.column(grants)).isEqualTo(before);
    assertThat(before.getFirst()).contains("pg_monitor SELECT t", "PUBLIC INSERT f");
  }

  @Test
  void aViewThatSomethingElseIsMadeOfStaysAndKeepsItsTable() {
    build(TABLE, "SELECT 1 AS one, 2 AS two");
    build(SECOND, "SELECT 'x'::text AS one");
    engine.publishViews(Map.of(VIEW, TABLE, OTHER, TABLE), Set.of(), "p/shop");
    database.execute("CREATE VIEW report AS SELECT two FROM main.orders");

    Map<TableName, String> kept =
        engine.publishViews(Map.of(VIEW, SECOND, OTHER, SECOND), Set.of(), "p/shop");

    assertThat(kept).containsOnlyKeys(VIEW);
    assertThat(kept.get(VIEW)).contains("something else is made of it", "report");
    assertThat(read("SELECT two FROM public.report")).isEqualTo("2");
    assertThat(read("SELECT one FROM others")).isEqualTo("x");
    assertThat(engine.publishViews(Map.of(), Set.of(VIEW, OTHER), "p/shop")).containsOnlyKeys(VIEW);
    assertThatThrownBy(() -> engine.drop(TABLE, "mark"))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("something that stays is made of it");
    database.execute("DROP VIEW report");
    assertThat(engine.publishViews(Map.of(), Set.of(VIEW, OTHER), "p/shop")).isEmpty();
    engine.drop(TABLE, "mark");
    assertThat(engine.existing(List.of(TABLE, VIEW, OTHER))).isEmpty();
  }

  @Test
  void aViewThatIsLockedHoldsNeitherTheOthersNorItsReaders() throws SQLException {
    build(TABLE, "SELECT 1 AS one");
    build(SECOND, "SELECT 2 AS one");
    engine.publishViews(Map.of(VIEW, TABLE, OTHER, TABLE), Set.of(), "p/shop");
    try (var reader = new Reader("SELECT * FROM main.orders")) {
      assertThat(reader.connection.isClosed()).isFalse();

      Map<TableName, String> kept =
          engine.publishViews(Map.of(VIEW, SECOND, OTHER, SECOND), Set.of(), "p/shop");

      assertThat(kept).containsOnlyKeys(VIEW);
      assertThat(kept.get(VIEW)).contains("it follows later");
      assertThat(read("SELECT 10 * o.one + others.one FROM orders o, others")).isEqualTo("12");
    }
    assertThat(engine.publishViews(Map.of(VIEW, SECOND, OTHER, SECOND), Set.of(), "p/shop"))
        .isEmpty();
    assertThat(read("SELECT one FROM orders")).isEqualTo("2");
  }

  @Test
  void aViewOfAnotherPackageIsSomebodyElses() {
    build(TABLE, "SELECT 1 AS one");
    build(SECOND, "SELECT 2 AS one");
    engine.publishViews(Map.of(VIEW, TABLE), Set.of(), "p/first");

    assertThat(engine.publishViews(Map.of(VIEW, SECOND), Set.of(), "p/second"))
        .containsOnlyKeys(VIEW);
    engine.publishViews(Map.of(), Set.of(VIEW), "p/second");

    assertThat(read("SELECT one FROM orders")).isEqualTo("1");
    assertThat(engine.publishViews(Map.of(), Set.of(VIEW), "p/first")).isEmpty();
    assertThat(engine.existing(List.of(VIEW))).isEmpty();
  }

  @Test
  void aViewThatMayNotBeReplacedLeavesTheOthers() {
    build(TABLE, "SELECT 1 AS one");
    build(SECOND, "SELECT 2 AS one");
    engine.publishViews(Map.of(VIEW, TABLE, OTHER, TABLE), Set.of(), "p/shop");
    database.asSuperuser("ALTER VIEW main.orders OWNER TO " + database.server().user());
    database.execute("CREATE TYPE main.typed AS ENUM ('a')");
    var typed = new TableName("main", "typed");

    Map<TableName, String> kept =
        engine.publishViews(Map.of(VIEW, SECOND, OTHER, SECOND, typed, SECOND), Set.of(), "p/shop");

    assertThat(kept).containsOnlyKeys(VIEW, typed);
    assertThat(kept.get(VIEW)).contains("must be owner of view orders");
    assertThat(read("SELECT one FROM others")).isEqualTo("2");
  }

  @Test
  void aViewThatIsMadeAnewHasTheRightsAndOptionsOfTheOneBeforeAndNoOthers() {
    build(TABLE, "SELECT 1 AS one, 2 AS two");
    build(SECOND, "SELECT 'x'::text AS one");
    database.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA main GRANT SELECT ON TABLES TO PUBLIC");
    engine.publishViews(Map.of(VIEW, TABLE), Set.of(), "p/shop");
    database.execute(
        """
        REVOKE ALL ON main.orders FROM PUBLIC;
        GRANT SELECT (one), UPDATE (two) ON main.orders TO pg_monitor;
        ALTER VIEW main.orders SET (security_invoker = true)
        """);

    assertThat(engine.publishViews(Map.of(VIEW, SECOND), Set.of(), "p/shop")).isEmpty();

    assertThat(
            database.column(
                """
                SELECT concat(has_table_privilege('pg_read_all_settings', c.oid, 'SELECT'), ' ',
                  has_column_privilege('pg_monitor', c.oid, 'one', 'SELECT'), ' ', c.reloptions)
                FROM pg_class c WHERE c.oid = 'main.orders'::regclass
                """))
        .containsExactly("f t {security_invoker=true}");
  }

  @Test
  void namesOf63BytesAreKeptAndLongerOnesRefused() {
    var longest = new TableName("main", "ä".repeat(31) + "x");
    var longer = new TableName("main", "ä".repeat(32));

    assertThat(engine.objection(longest)).isEmpty();
    assertThat(engine.objection(longer)).hasValueSatisfying(why -> assertThat(why).contains("63"));
    build(TABLE, "SELECT 1 AS one");
    assertThat(engine.publishViews(Map.of(longest, TABLE), Set.of(), "p/shop")).isEmpty();
    assertThat(engine.existing(List.of(longest))).containsExactly(longest);
  }
}
