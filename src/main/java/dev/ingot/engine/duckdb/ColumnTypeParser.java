package dev.ingot.engine.duckdb;

import dev.ingot.engine.duckdb.ColumnType.Dictionary;
import dev.ingot.engine.duckdb.ColumnType.Elements;
import dev.ingot.engine.duckdb.ColumnType.Enumeration;
import dev.ingot.engine.duckdb.ColumnType.Plain;
import dev.ingot.engine.duckdb.ColumnType.Struct;
import java.util.ArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a type as DuckDB writes it. Only what is known to be stored without loss is accepted. */
final class ColumnTypeParser {

  private static final Pattern WORDS = Pattern.compile("[A-Z_]+( WITH TIME ZONE)?");
  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\([0-9]+,[0-9]+\\)");
  private static final Pattern SIZE = Pattern.compile("\\[[0-9]*\\]");
  private static final Pattern NAME = Pattern.compile("\"((?:[^\"]|\"\")+)\"|([A-Za-z0-9_]+)");

  private final String text;
  private int at;

  ColumnTypeParser(String text) {
    this.text = text;
  }

  ColumnType parse() {
    ColumnType type = type();
    if (at < text.length()) {
      throw refuse();
    }
    return type;
  }

  private ColumnType type() {
    ColumnType type = single();
    for (Matcher size = match(SIZE); size != null; size = match(SIZE)) {
      type = new Elements(type, size.group());
    }
    return type;
  }

  private ColumnType single() {
    if (takes("STRUCT(")) {
      return struct();
    }
    if (takes("MAP(")) {
      ColumnType key = type();
      require(", ");
      ColumnType value = type();
      require(")");
      return new Dictionary(key, value);
    }
    int start = at;
    if (takes("ENUM(")) {
      skipTexts();
      if (start > 0 || at < text.length()) {
        // DuckDB 1.5 can't save a view that casts to one within another type.
        throw refuse();
      }
      return new Enumeration(text.substring(start, at));
    }
    Matcher decimal = match(DECIMAL);
    if (decimal != null) {
      return new Plain(decimal.group());
    }
    Matcher words = match(WORDS);
    if (words == null || !Plain.isKnown(words.group())) {
      throw refuse();
    }
    return new Plain(words.group());
  }

  private Struct struct() {
    var fields = new ArrayList<Struct.Field>();
    do {
      Matcher name = match(NAME);
      if (name == null) {
        throw refuse();
      }
      require(" ");
      String quoted = name.group(1);
      fields.add(
          new Struct.Field(quoted == null ? name.group() : quoted.replace("\"\"", "\""), type()));
    } while (takes(", "));
    require(")");
    return new Struct(fields);
  }

  /** Texts with commas in between. A pattern would run out of stack: there may be 70,000. */
  private void skipTexts() {
    do {
      require("'");
      do {
        at = text.indexOf('\'', at) + 1;
        if (at == 0) {
          throw refuse();
        }
      } while (takes("'"));
    } while (takes(", "));
    require(")");
  }

  private boolean takes(String token) {
    boolean there = text.startsWith(token, at);
    if (there) {
      at += token.length();
    }
    return there;
  }

  private void require(String token) {
    if (!takes(token)) {
      throw refuse();
    }
  }

  private @Nullable Matcher match(Pattern pattern) {
    Matcher matcher = pattern.matcher(text).region(at, text.length());
    if (!matcher.lookingAt()) {
      return null;
    }
    at = matcher.end();
    return matcher;
  }

  private IllegalArgumentException refuse() {
    return new IllegalArgumentException(text);
  }
}
