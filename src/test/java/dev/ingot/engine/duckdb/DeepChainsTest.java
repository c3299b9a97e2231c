package dev.ingot.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DuckDB takes twice as long to plan for each level of a chain. */
@Timeout(60)
class DeepChainsTest {

  private static final String MATERIALIZED = "AS MATERIALIZED (";

  /** As Malloy writes it. */
  private static String chain(int levels) {
    var text = new StringBuilder();
    for (int level = 0; level < levels; level++) {
      text.append(level == 0 ? "WITH " : ", ")
          .append("__stage%d AS (\n".formatted(level))
          .append("  SELECT \n     base.\"a\" as \"a\"\n")
          .append("  FROM %s as base\n".formatted(level == 0 ? "t" : "__stage" + (level - 1)))
          .append("  GROUP BY 1\n  ORDER BY 1 asc NULLS LAST\n)\n");
    }
    return text + "SELECT count(1) as n FROM __stage%d as base\n".formatted(levels - 1);
  }

  private static List<String> materialized(String sql) {
    return Pattern.compile("(\\w+)(\\(\\w+\\))? AS MATERIALIZED \\(")
        .matcher(sql)
        .results()
        .map(step -> step.group(1))
        .toList();
  }

  @Test
  void whatIsNotDeepStaysAsMalloyWroteIt() {
    for (int levels = 1; levels <= DeepChains.DEEPEST; levels++) {
      assertThat(DeepChains.cut(chain(levels))).isEqualTo(chain(levels));
    }
  }

  @Test
  void aDeepChainIsCutWhereAnotherFourLevelsAreFull() {
    String cut = DeepChains.cut(chain(13));

    assertThat(materialized(cut)).containsExactly("__stage3", "__stage7", "__stage11");
    assertThat(cut.replace(MATERIALIZED, "AS (")).isEqualTo(chain(13));
  }

  @Test
  void manyStepsThatDontStandOnEachOtherAreNoChain() {
    var steps = new ArrayList<String>();
    for (int i = 0; i < 40; i++) {
      steps.add("s%d AS (SELECT a FROM t GROUP BY 1)".formatted(i));
    }
    String wide = "WITH " + String.join(", ", steps) + " SELECT * FROM s1, s2";

    assertThat(DeepChains.cut(wide)).isEqualTo(wide);
  }

  @Test
  void whatAnAuthorSaysOfAStepStands() {
    String sql =
        chain(14)
            .replace("__stage3 AS (", "__stage3 AS NOT MATERIALIZED (")
            .replace("__stage7 AS (", "__stage7(\"a\") AS materialized (");

    assertThat(DeepChains.cut(sql))
        .isEqualTo(sql.replace("__stage11 AS (", "__stage11 AS MATERIALIZED ("));
  }

  @Test
  void literalsCommentsAndOtherUsesOfTheWordsAreLeftAlone() {
    String before =
        "SELECT ';WITH x AS (', \"WITH y AS (\" /* WITH z AS ( */ -- AS (\n"
            + ", TIMESTAMP WITH TIME ZONE '2020-01-01 00:00:00+00' AS w FROM (VALUES (1)) AS v(";
    String sql = "WITH c0 AS (" + before + "\"WITH y AS (\")), " + chain(12).substring(5);

    assertThat(DeepChains.cut(sql).replace(MATERIALIZED, "AS (")).isEqualTo(sql);
    assertThat(materialized(DeepChains.cut(sql)))
        .containsExactly("__stage3", "__stage7", "__stage11");
  }

  @Test
  void aChainWithinASelectAndOneAroundItCountTogether() {
    String sql =
        "WITH o0 AS (SELECT a FROM ("
            + chain(6).replace("count(1) as n", "a")
            + ") AS s GROUP BY 1)";
    for (int i = 1; i < 6; i++) {
      sql += ", o%d AS (SELECT a FROM o%d GROUP BY 1)".formatted(i, i - 1);
    }
    sql += " SELECT count(*) FROM o5";

    assertThat(materialized(DeepChains.cut(sql))).containsExactly("__stage3", "o1", "o5");
  }

  @Test
  void aRecursiveListStaysAsItIs() {
    String sql =
        "WITH RECURSIVE r AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM r WHERE a < 9), "
            + chain(12).substring(5);

    assertThat(DeepChains.cut(sql)).isEqualTo(sql);
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 32, 64})
  void itIsPlannedInNoTime(int levels) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t AS SELECT range % 7 AS a FROM range(100)");
      long begin = System.nanoTime();
      try (PreparedStatement planned = connection.prepareStatement(DeepChains.cut(chain(levels)))) {
        Duration time = Duration.ofNanos(System.nanoTime() - begin);
        System.out.printf("%d levels: planned in %d ms%n", levels, time.toMillis());
        assertThat(time).isLessThan(Duration.ofSeconds(5));
        try (ResultSet rows = planned.executeQuery()) {
          rows.next();
          assertThat(rows.getLong(1)).isEqualTo(7);
        }
      }
    }
  }

  /** Random steps, to what DuckDB answers without its inlining, which takes the time. */
  @Test
  void theRowsAreTheSame() throws SQLException {
    var random = new Random(14);
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE t AS SELECT range % 7 AS a, range % 3 AS b, range AS v FROM range(200)");
      for (int round = 0; round < 60; round++) {
        String sql = randomChain(random, 11 + random.nextInt(20));
        String cut = DeepChains.cut(sql);
        assertThat(cut).isNotEqualTo(sql);
        statement.execute("SET disabled_optimizers = 'cte_inlining'");
        List<String> expected = rows(statement, sql);
        statement.execute("RESET disabled_optimizers");
        assertThat(rows(statement, cut)).as(sql).isEqualTo(expected);
      }
    }
  }

  private static String randomChain(Random random, int levels) {
    var text = new StringBuilder("WITH ");
    for (int level = 0; level < levels; level++) {
      String from = level == 0 ? "t" : "s" + (level - 1);
      text.append(level == 0 ? "" : ", ").append("s").append(level).append(" AS (");
      String step =
          switch (random.nextInt(6)) {
            case 0 -> "SELECT a, b, sum(v) AS v FROM %s GROUP BY 1, 2 ORDER BY 1";
            case 1 -> "SELECT a, b, v + 1 AS v FROM %s WHERE v %% 5 <> 1";
            case 2 ->
                "SELECT x.a, y.b, max(x.v) AS v FROM %1$s x LEFT JOIN t y ON x.a = y.a GROUP BY 1, 2";
            case 3 -> "SELECT a, b, v FROM %s ORDER BY v, a, b LIMIT 50";
            case 4 -> "SELECT a, b, v FROM (WITH i AS (SELECT * FROM %s) SELECT DISTINCT * FROM i)";
            default ->
                "SELECT DISTINCT a, b, v FROM %s QUALIFY row_number() OVER (ORDER BY v, a, b) < 90";
          };
      text.append(step.formatted(from)).append(")");
    }
    return text + " SELECT a, b, v FROM s%d".formatted(levels - 1);
  }

  private static List<String> rows(Statement statement, String sql) throws SQLException {
    var rows = new ArrayList<String>();
    try (ResultSet found = statement.executeQuery(sql)) {
      while (found.next()) {
        rows.add(found.getString(1) + "|" + found.getString(2) + "|" + found.getString(3));
      }
    }
    rows.sort(null);
    return rows;
  }
}
