package dev.ingot.engine.duckdb;

import dev.ingot.engine.duckdb.SingleSelect.Token;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Makes long chains of steps plan fast. DuckDB (1.5.5) puts each step of a WITH into the one that
 * reads it, and then takes twice as long for each level of grouping: 2 ms for 10, 4 for 12, 70 for
 * 16, 2 s for 20. It can't be interrupted meanwhile. A step that is MATERIALIZED ends a level.
 *
 * <p>Only SQL with a chain of more than {@value #DEEPEST} steps is changed, and of that each step
 * in which another {@value #SEGMENT} levels are full: fewer copies of the rows than if all were,
 * and 32 levels plan in 3 ms. Rows and columns stay the same.
 */
final class DeepChains {

  static final int DEEPEST = 10;
  private static final int SEGMENT = 4;

  /** What each step has; other texts may have it too. */
  private static final Pattern STEP = Pattern.compile("\\bAS\\s*\\(", Pattern.CASE_INSENSITIVE);

  private static final String MATERIALIZED = "MATERIALIZED ";

  private final String sql;
  private final List<Token> tokens;

  /** Where a step's parenthesis opens that is to be materialized. */
  private final List<Integer> cuts = new ArrayList<>();

  private int at;
  private int deepest;

  private DeepChains(String sql) {
    this.sql = sql;
    tokens = SingleSelect.of(sql).tokens();
  }

  /**
   * The same SELECT, in a form that DuckDB plans soon.
   *
   * @throws dev.ingot.engine.Engine.EngineException when it is more than one statement
   */
  static String cut(String select) {
    if (STEP.matcher(select).results().limit(DEEPEST + 1L).count() <= DEEPEST) {
      return select;
    }
    var chains = new DeepChains(select);
    chains.body();
    return chains.deepest > DEEPEST ? chains.rewritten() : select;
  }

  private String rewritten() {
    var text = new StringBuilder();
    int from = 0;
    for (int cut : cuts.stream().sorted().toList()) {
      text.append(sql, from, cut).append(MATERIALIZED);
      from = cut;
    }
    return text.append(sql, from, sql.length()).toString();
  }

  /**
   * Reads up to the parenthesis that closes it, or to the end.
   *
   * @return the levels of the deepest chain in it
   */
  private int body() {
    int levels = 0;
    while (at < tokens.size() && !is(")")) {
      if (is("WITH")) {
        at++;
        levels = Math.max(levels, steps());
      } else if (is("(")) {
        levels = Math.max(levels, parenthesis());
      } else {
        at++;
      }
    }
    return levels;
  }

  private int parenthesis() {
    at++;
    int levels = body();
    at++;
    return levels;
  }

  /** The list after a WITH, if it is one. What is recursive stays as it is. */
  private int steps() {
    boolean recursive = is("RECURSIVE");
    if (recursive) {
      at++;
    }
    var levels = new HashMap<String, Integer>();
    int most = 0;
    while (at < tokens.size() && !is("(") && !is(")")) {
      String name = tokens.get(at).text().toLowerCase(Locale.ROOT);
      at++;
      if (is("(")) {
        parenthesis();
      }
      if (!is("AS")) {
        return most;
      }
      at++;
      boolean said = is("NOT") || is("MATERIALIZED");
      while (is("NOT") || is("MATERIALIZED")) {
        at++;
      }
      if (!is("(")) {
        return most;
      }
      int level = step(levels, said || recursive);
      levels.put(name, level);
      most = Math.max(most, level);
      deepest = Math.max(deepest, most);
      if (!is(",")) {
        return most;
      }
      at++;
    }
    return most;
  }

  /**
   * @param known the levels of those before it
   * @param said whether it is to stay as it is written
   */
  private int step(Map<String, Integer> known, boolean said) {
    int opens = at;
    int before = parenthesis();
    for (Token token : tokens.subList(opens, Math.min(at, tokens.size()))) {
      before = Math.max(before, known.getOrDefault(token.text().toLowerCase(Locale.ROOT), 0));
    }
    int level = before + 1;
    if (!said && level / SEGMENT > before / SEGMENT) {
      cuts.add(tokens.get(opens).start());
    }
    return level;
  }

  private boolean is(String word) {
    return at < tokens.size() && tokens.get(at).is(word);
  }
}
