package dev.ingot.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The README's code blocks. */
public final class Readme {

  private final String text;

  private Readme(String text) {
    this.text = text;
  }

  /** A command as it is printed, and what is printed below it. */
  public record Step(String command, String output) {}

  public static Readme read() throws IOException {
    return new Readme(Files.readString(Path.of("README.md")));
  }

  /** The commands of all console blocks of one kind in order; each starts with a dollar. */
  public List<Step> steps(String kind) {
    var steps = new ArrayList<Step>();
    for (String block : blocks(kind)) {
      StringBuilder command = null;
      var output = new StringBuilder();
      for (String line : block.lines().toList()) {
        StringBuilder before = command;
        if (line.startsWith("$ ")) {
          add(steps, command, output);
          command = new StringBuilder(line.substring(2));
          output = new StringBuilder();
        } else if (before != null && goesOn(before.toString())) {
          before.append("\n").append(line);
        } else {
          output.append(line).append('\n');
        }
      }
      add(steps, command, output);
    }
    return steps;
  }

  /** In the next line: after a backslash, and until the end of a text that is typed in. */
  private static boolean goesOn(String command) {
    return command.endsWith("\\") || (command.contains("<<'END'") && !command.endsWith("\nEND"));
  }

  private static void add(List<Step> steps, @Nullable StringBuilder command, StringBuilder output) {
    if (command != null) {
      steps.add(new Step(command.toString(), output.toString()));
    }
  }

  /** The names in the first column of the table of settings. */
  public List<String> settings() {
    Matcher matcher =
        Pattern.compile("^\\| `((?:ingot|server)\\.[a-z.-]+)` \\|", Pattern.MULTILINE)
            .matcher(text);
    return matcher.results().map(result -> result.group(1)).collect(Collectors.toList());
  }

  /** The same, those with placeholders too: {@code ingot.projects.<project>.storage.data-path}. */
  public List<String> settingPatterns() {
    Matcher matcher =
        Pattern.compile("^\\| `((?:ingot|server)\\.[a-z.<>-]+)` \\|", Pattern.MULTILINE)
            .matcher(text);
    return matcher.results().map(result -> result.group(1)).toList();
  }

  /** The table of metrics: the labels of each. */
  public Map<String, List<String>> metrics() {
    Matcher rows =
        Pattern.compile("^\\| `(ingot_[a-z_]+)` \\|([^|]*)\\|", Pattern.MULTILINE).matcher(text);
    return rows.results()
        .collect(
            Collectors.toMap(
                row -> row.group(1),
                row ->
                    Pattern.compile("`([a-z]+)`")
                        .matcher(row.group(2))
                        .results()
                        .map(label -> label.group(1))
                        .toList()));
  }

  /** The blocks of this language. */
  public List<String> blocks(String language) {
    Matcher matcher =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(text);
    return matcher.results().map(result -> result.group(1)).collect(Collectors.toList());
  }
}
