package dev.ingot.engine.duckdb;

import dev.ingot.engine.Engine.EngineException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads SQL just far enough to tell statements, string literals and function calls apart. Drivers
 * run every statement of a text, so a model's SQL must be one: a {@code ;} outside literals, quoted
 * identifiers and comments is refused, parentheses or not.
 */
public final class SingleSelect {

  private final String sql;
  private final List<String> literals = new ArrayList<>();
  private final Set<String> calls = new LinkedHashSet<>();
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  /** The functions whose first arguments are looked for. */
  private Set<String> wanted = Set.of();

  private final List<Argument> arguments = new ArrayList<>();

  /** Where a text would be such an argument, or one of a list of them. */
  private Place place = Place.ELSEWHERE;

  private enum Place {
    ELSEWHERE,
    FIRST,
    IN_LIST
  }

  /**
   * A plain string literal that a function is called with.
   *
   * @param text what it stands for
   * @param start of the literal with its quotes
   * @param end after it
   */
  record Argument(String text, int start, int end) {}

  /** The word or quoted name that only blanks and comments have followed so far. */
  private @Nullable String word;

  /**
   * A word, a quoted name without its quotes, or a single character that is neither.
   *
   * @param start where it begins in the SQL, counted from 0
   */
  record Token(String text, boolean quoted, int start) {

    /** Whether it is this word of SQL, which is written in capitals here. */
    boolean is(String word) {
      return !quoted && text.equalsIgnoreCase(word);
    }
  }

  private SingleSelect(String sql) {
    this.sql = sql;
  }

  /**
   * @return the SQL as it was given
   * @throws EngineException when it is more than one statement, or ends inside a literal or comment
   */
  public static String require(String sql) {
    return of(sql).sql;
  }

  /**
   * @throws EngineException as {@link #require}
   */
  static SingleSelect of(String sql) {
    var select = new SingleSelect(sql);
    select.scan();
    return select;
  }

  /** The texts of the plain string literals, in order. */
  List<String> literals() {
    return literals;
  }

  /** The names that a parenthesis follows, in lower case and without their schema. */
  Set<String> calls() {
    return calls;
  }

  /** Words, names and signs, in order; neither literals nor comments. */
  List<Token> tokens() {
    return tokens;
  }

  /**
   * The plain string literals that are the first argument of a function, or stand in the list that
   * is.
   *
   * @param functions in lower case
   */
  static List<Argument> firstArguments(String sql, Set<String> functions) {
    var scanner = new SingleSelect(sql);
    scanner.wanted = functions;
    scanner.scan();
    return scanner.arguments;
  }

  private void scan() {
    while (at < sql.length()) {
      char c = sql.charAt(at);
      switch (c) {
        case '\'' -> literal();
        case '"' -> name();
        case '(' -> {
          String function = word == null ? "" : word.toLowerCase(Locale.ROOT);
          if (word != null) {
            calls.add(function);
          }
          next();
          place = wanted.contains(function) ? Place.FIRST : Place.ELSEWHERE;
        }
        case '[' -> {
          boolean list = place == Place.FIRST;
          next();
          place = list ? Place.IN_LIST : Place.ELSEWHERE;
        }
        case ',' -> {
          boolean list = place == Place.IN_LIST;
          next();
          place = list ? Place.IN_LIST : Place.ELSEWHERE;
        }
        case '-' -> {
          if (follows("--")) {
            lineComment();
          } else {
            next();
          }
        }
        case '/' -> {
          if (follows("/*")) {
            comment();
          } else {
            next();
          }
        }
        case '$' -> dollar();
        case ';' ->
            throw refuse(
                "has a ';' at character %d: a source's SQL is one SELECT without a ';'"
                    .formatted(at + 1));
        default -> other(c);
      }
    }
  }

  private void next() {
    word = null;
    tokens.add(new Token(sql.substring(at, at + 1), false, at));
    place = Place.ELSEWHERE;
    at++;
  }

  private void other(char c) {
    if (isWord(c)) {
      int start = at;
      while (at < sql.length() && isWord(sql.charAt(at))) {
        at++;
      }
      word = sql.substring(start, at);
      tokens.add(new Token(word, false, start));
      place = Place.ELSEWHERE;
    } else if (Character.isWhitespace(c)) {
      at++;
    } else {
      next();
    }
  }

  private void name() {
    int start = at + 1;
    quoted('"', false);
    word = sql.substring(start, at - 1).replace("\"\"", "\"");
    tokens.add(new Token(word, true, start - 1));
    place = Place.ELSEWHERE;
  }

  private void literal() {
    word = null;
    boolean escapes = at > 0 && Character.toLowerCase(sql.charAt(at - 1)) == 'e' && !inWord(at - 1);
    int start = at + 1;
    quoted('\'', escapes);
    if (!escapes) {
      String text = sql.substring(start, at - 1).replace("''", "'");
      literals.add(text);
      if (place != Place.ELSEWHERE) {
        arguments.add(new Argument(text, start - 1, at));
      }
    }
    place = place == Place.IN_LIST ? Place.IN_LIST : Place.ELSEWHERE;
  }

  /** Ends after the closing quote; a doubled one belongs to the text. */
  private void quoted(char quote, boolean escapes) {
    int i = at + 1;
    while (i < sql.length()) {
      char c = sql.charAt(i);
      if (escapes && c == '\\') {
        i += 2;
      } else if (c != quote) {
        i++;
      } else if (i + 1 < sql.length() && sql.charAt(i + 1) == quote) {
        i += 2;
      } else {
        at = i + 1;
        return;
      }
    }
    throw refuse("has a %c that is never closed".formatted(quote));
  }

  /** Comments nest, as they do in the engines. */
  private void comment() {
    int depth = 0;
    while (at < sql.length()) {
      if (follows("/*")) {
        depth++;
        at += 2;
      } else if (follows("*/")) {
        depth--;
        at += 2;
        if (depth == 0) {
          return;
        }
      } else {
        at++;
      }
    }
    throw refuse("has a comment that is never closed");
  }

  /** {@code $$ … $$} and {@code $tag$ … $tag$}. */
  private void dollar() {
    word = null;
    place = Place.ELSEWHERE;
    int end = at + 1;
    while (end < sql.length() && isWord(sql.charAt(end))) {
      end++;
    }
    boolean opens =
        end < sql.length()
            && sql.charAt(end) == '$'
            && !inWord(at)
            && !Character.isDigit(sql.charAt(at + 1));
    if (!opens) {
      at++;
      return;
    }
    String tag = sql.substring(at, end + 1);
    int close = sql.indexOf(tag, end + 1);
    if (close < 0) {
      throw refuse("has a %s that is never closed".formatted(tag));
    }
    at = close + tag.length();
  }

  /** True when the character at {@code index} goes on with a word that began before it. */
  private boolean inWord(int index) {
    return index > 0 && (isWord(sql.charAt(index - 1)) || sql.charAt(index - 1) == '$');
  }

  private static boolean isWord(char c) {
    return c == '_' || c >= 128 || (c < 128 && Character.isLetterOrDigit(c));
  }

  private boolean follows(String text) {
    return sql.startsWith(text, at);
  }

  /** A carriage return alone ends it too. */
  private void lineComment() {
    while (at < sql.length() && sql.charAt(at) != '\n' && sql.charAt(at) != '\r') {
      at++;
    }
  }

  private static EngineException refuse(String what) {
    return new EngineException("The SQL " + what, new IllegalArgumentException(what));
  }
}
