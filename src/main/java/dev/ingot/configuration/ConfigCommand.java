package dev.ingot.configuration;

import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code config check FILE}: says whether a file is right, and starts and asks nothing. */
public final class ConfigCommand {

  private static final String WORD = "config";
  private static final String USAGE = "Usage: java -jar ingot.jar config check FILE";
  private static final int RIGHT = 0;
  private static final int WRONG = 1;
  private static final int MISUSED = 2;

  private ConfigCommand() {}

  /** Whether the arguments of the program mean it, well said or not. */
  public static boolean isMeant(List<String> arguments) {
    return !arguments.isEmpty() && arguments.getFirst().equals(WORD);
  }

  /**
   * @param environment the variables that the file may name
   * @param out what it holds
   * @param err what is wrong, or left out
   * @return the exit code: 0 when it is right, 1 when it isn't, 2 when the command isn't
   */
  public static int run(
      List<String> arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
    if (arguments.size() != 3 || !arguments.get(1).equals("check")) {
      err.println(USAGE);
      return MISUSED;
    }
    String name = arguments.get(2);
    try {
      return print(name, ConfigurationReader.read(Path.of(name), environment), out, err);
    } catch (InvalidPathException e) {
      err.println("'%s' is not a path: %s".formatted(name, e.getReason()));
      return MISUSED;
    }
  }

  private static int print(String name, Reading reading, PrintStream out, PrintStream err) {
    return switch (reading) {
      case Reading.Right right -> {
        right
            .leftOut()
            .forEach(one -> err.println("%s: not acted on: %s".formatted(name, one.text())));
        out.println("%s is right: %s".formatted(name, right.declared().summary()));
        yield RIGHT;
      }
      case Reading.Wrong wrong -> {
        wrong.mistakes().forEach(one -> err.println("%s:%s".formatted(name, one.text())));
        yield WRONG;
      }
    };
  }
}
