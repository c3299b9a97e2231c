package dev.ingot.engine.postgres;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Arrays as PostgreSQL writes them: <code>{1,NULL,"a \"b\""}</code>, nested where they have several
 * dimensions, with bounds before them where these don't begin at 1.
 */
final class ArrayText {

  private final String text;
  private final char delimiter;
  private final PostgresValues.Reader element;
  private int at;

  private ArrayText(String text, char delimiter, PostgresValues.Reader element) {
    this.text = text;
    this.delimiter = delimiter;
    this.element = element;
  }

  /**
   * @param delimiter between the elements
   */
  static List<@Nullable Object> read(String text, char delimiter, PostgresValues.Reader element) {
    var reader = new ArrayText(text, delimiter, element);
    reader.at = text.indexOf('{');
    return reader.list();
  }

  private List<@Nullable Object> list() {
    var list = new ArrayList<@Nullable Object>();
    at++;
    while (text.charAt(at) != '}') {
      char c = text.charAt(at);
      if (c == delimiter) {
        at++;
      } else if (c == '{') {
        list.add(list());
      } else if (c == '"') {
        list.add(element.read(quoted()));
      } else {
        list.add(bare());
      }
    }
    at++;
    return list;
  }

  private String quoted() {
    var value = new StringBuilder();
    at++;
    while (text.charAt(at) != '"') {
      if (text.charAt(at) == '\\') {
        at++;
      }
      value.append(text.charAt(at));
      at++;
    }
    at++;
    return value.toString();
  }

  private @Nullable Object bare() {
    int from = at;
    while (text.charAt(at) != delimiter && text.charAt(at) != '}') {
      at++;
    }
    String value = text.substring(from, at);
    return value.equals("NULL") ? null : element.read(value);
  }
}
