package dev.ingot.engine.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ingot.engine.Engine.EngineException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SingleSelectTest {

  /** What texts are made of; each piece may open, close or hide something. */
  private static final List<String> PIECES =
      List.of(
          ";",
          "; select 2 ",
          "'",
          "''",
          "e'",
          " E'",
          "xe'",
          "\"",
          "--",
          "/*",
          "*/",
          "/",
          "*",
          "\n",
          "\r",
          "\f",
          "$$",
          "$a$",
          "$1$",
          "$é$",
          "a",
          "\\",
          "\u00a0",
          " as b ");

  private static final int RANDOM_TEXTS = Integer.getInteger("ingot.test.texts", 60_000);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select 1",
        "select ';' as a",
        "select 'it''s; fine' as a",
        "select e'\\';' as a",
        "select \"a;b\"\"c;\" from t",
        "select 1 -- ; not here",
        "select 1 -- ; not here\n, 2",
        "select 1 /* ; */, 2",
        "select 1 /* ; /* ; */ ; */, 2",
        "select $$ ; ' $$ as a",
        "select $tag$ ; $$ ; $tag$ as a",
        "select 1 - -1 / 2"
      })
  void aSemicolonThatIsTextOrCommentIsNoSecondStatement(String sql) {
    assertThat(SingleSelect.require(sql)).isEqualTo(sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select 1; drop table src",
        "select 1) ; drop table src; --",
        "select 1;",
        "select '' ; select ''",
        "select 'a\\'; drop table src; --'",
        "select 1 --\n; drop table src",
        "select 1 --\r; drop table src",
        "select 1 /* */ ; drop table src /* */",
        "select $$ $$ ; drop table src",
        "select a$$ ; drop table src; select b$$",
        "select 1 as xe'\\'; drop table src; --'"
      })
  void anythingAfterTheFirstStatementIsRefused(String sql) {
    assertThatThrownBy(() -> SingleSelect.require(sql))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("';'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"select 'a", "select \"a", "select 1 /* a", "select $$ a", "select $x$ $y$"})
  void aTextThatEndsInsideALiteralOrCommentIsRefused(String sql) {
    assertThatThrownBy(() -> SingleSelect.require(sql))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("never closed");
  }

  @Test
  void theRefusalSaysWhereTheSemicolonIs() {
    assertThatThrownBy(() -> SingleSelect.require("select 1; select 2"))
        .hasMessageContaining("character 9");
  }

  @Test
  void plainLiteralsAreReadAsTheTextsThatTheyMean() {
    assertThat(
            SingleSelect.of(
                    "from 'data/it''s.csv' -- 'no'\n join \"'no'\" join $$'no'$$ join 'b' /* 'no' */")
                .literals())
        .containsExactly("data/it's.csv", "b");
  }

  @Test
  void noTextThatDuckDbTakesForSeveralStatementsPasses() throws SQLException {
    int several = 0;
    int oneThatPasses = 0;
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
      for (Counted text : count(connection.unwrap(DuckDBConnection.class), texts())) {
        boolean passes = passes(text.sql());
        if (text.statements() > 1) {
          several++;
          assertThat(passes).as("several statements pass: %s", text).isFalse();
        } else if (text.statements() == 1 && passes) {
          oneThatPasses++;
        }
      }
    }
    // Otherwise the texts would not show anything.
    assertThat(several).isGreaterThan(500);
    assertThat(oneThatPasses).isGreaterThan(500);
  }

  private record Counted(String sql, int statements) {}

  /** Every text of up to three pieces, and longer ones at random. */
  private static List<String> texts() {
    List<String> texts = List.of("select 1 ");
    var all = new ArrayList<String>();
    for (int length = 1; length <= 3; length++) {
      texts = texts.stream().flatMap(text -> PIECES.stream().map(piece -> text + piece)).toList();
      all.addAll(texts);
    }
    var random = new Random(11);
    for (int i = 0; i < RANDOM_TEXTS; i++) {
      var text = new StringBuilder("select 1 ");
      for (int length = 4 + random.nextInt(5); length > 0; length--) {
        text.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      all.add(text.toString());
    }
    return all;
  }

  /** How many statements DuckDB's own parser sees in each text; 0 where it is no valid SQL. */
  private static List<Counted> count(DuckDBConnection connection, List<String> texts)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE texts (sql VARCHAR)");
      try (var appender = connection.createAppender("main", "texts")) {
        for (String text : texts) {
          appender.beginRow();
          appender.append(text);
          appender.endRow();
        }
      }
      var counted = new ArrayList<Counted>();
      try (ResultSet rows =
          statement.executeQuery(
              """
              SELECT sql, coalesce(json_array_length(json_serialize_sql(sql), '$.statements'), 0)
              FROM texts
              """)) {
        while (rows.next()) {
          counted.add(new Counted(rows.getString(1), rows.getInt(2)));
        }
      }
      return counted;
    }
  }

  private static boolean passes(String sql) {
    try {
      SingleSelect.require(sql);
      return true;
    } catch (EngineException e) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select f(1)",
        "select F (1)",
        "select \"f\"(1)",
        "select system.main.f/* ( */ -- (\n(1)",
        "from (select f('g(1)'))",
      })
  void aCallIsANameThatAParenthesisFollows(String sql) {
    assertThat(SingleSelect.of(sql).calls()).contains("f").doesNotContain("g");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"select f", "select 'f'(1)", "select f + (1)", "select ff(1)", "select f.g(1)"})
  void whatNoParenthesisFollowsIsNoCall(String sql) {
    assertThat(SingleSelect.of(sql).calls()).doesNotContain("f");
  }
}
