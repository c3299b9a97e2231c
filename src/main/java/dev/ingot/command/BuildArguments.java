package dev.ingot.command;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code build} is asked for.
 *
 * @param folder of the package
 * @param sources those that are built, with what depends on them and what they need; empty for all
 * @param plan only says what a build would do
 * @param force builds everything, changed or not
 * @param home of a server that is started for the while; null for the usual one
 * @param server that builds instead; null for none
 * @param keyFile what a server that asks knows the caller by; null where none does
 * @param project that the package is in
 * @param name of the package; null for its folder's
 */
record BuildArguments(
    Path folder,
    List<String> sources,
    boolean plan,
    boolean force,
    @Nullable Path home,
    @Nullable URI server,
    @Nullable Path keyFile,
    String project,
    @Nullable String name) {

  static final String USAGE =
      """
      Usage: java -jar ingot.jar build FOLDER [options]
        --plan             say what would be built, and build nothing: exit code 2 when something would be
        --sources A,B      only these, what depends on them, and what they need
        --force            all tables, changed or not
        --home DIR         the home to build in, without a server; by default .ingot
        --server URL       build by this server instead
        --key-file FILE    a file with the key that the server knows you by
        --project NAME     the package's project; by default 'default'
        --package NAME     the package's name; by default its folder's\
      """;

  /** Said wrongly. */
  static final class MisusedException extends Exception {
    MisusedException(String why) {
      super(why);
    }
  }

  BuildArguments {
    sources = List.copyOf(sources);
  }

  /** What the package is called. */
  String packageName() {
    return Optional.ofNullable(name)
        .orElseGet(() -> String.valueOf(folder.toAbsolutePath().normalize().getFileName()));
  }

  /**
   * @param words after {@code build}
   * @throws MisusedException when they aren't arguments
   */
  static BuildArguments parse(List<String> words) throws MisusedException {
    Deque<String> left = new ArrayDeque<>(words);
    var folders = new ArrayList<Path>();
    List<String> sources = List.of();
    boolean plan = false;
    boolean force = false;
    Path home = null;
    URI server = null;
    Path keyFile = null;
    String project = "default";
    String name = null;
    while (!left.isEmpty()) {
      String word = left.pop();
      switch (word) {
        case "--plan" -> plan = true;
        case "--force" -> force = true;
        case "--sources" -> sources = List.of(value(word, left).split(","));
        case "--home" -> home = path(value(word, left));
        case "--server" -> server = url(value(word, left));
        case "--key-file" -> keyFile = path(value(word, left));
        case "--project" -> project = value(word, left);
        case "--package" -> name = value(word, left);
        default -> folders.add(folder(word));
      }
    }
    if (folders.size() != 1) {
      throw new MisusedException("name the folder of one package");
    }
    if (home != null && server != null) {
      throw new MisusedException("--home and --server exclude each other");
    }
    return new BuildArguments(
        folders.getFirst(), sources, plan, force, home, server, keyFile, project, name);
  }

  private static Path folder(String word) throws MisusedException {
    if (word.startsWith("-")) {
      throw new MisusedException("there is no option " + word);
    }
    return path(word);
  }

  private static String value(String option, Deque<String> left) throws MisusedException {
    String value = left.poll();
    if (value == null || value.startsWith("--")) {
      throw new MisusedException(option + " needs a value");
    }
    return value;
  }

  private static Path path(String text) throws MisusedException {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new MisusedException("'%s' is not a path: %s".formatted(text, e.getReason()));
    }
  }

  private static URI url(String text) throws MisusedException {
    String plain = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    try {
      URI url = URI.create(plain);
      if (List.of("http", "https").contains(String.valueOf(url.getScheme()))
          && url.getHost() != null) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      throw new MisusedException("'%s' is no URL: %s".formatted(text, e.getMessage()));
    }
    throw new MisusedException("'%s' is no URL such as https://ingot.example".formatted(text));
  }
}
