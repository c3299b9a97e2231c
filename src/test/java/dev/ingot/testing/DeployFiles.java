package dev.ingot.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The compose file and the Dockerfile, as far as tests read them. */
public final class DeployFiles {

  public static final Path DOCKERFILE = Path.of("src/main/docker/Dockerfile");

  private static final Pattern COPY = Pattern.compile("(?m)^COPY (?!--from)(.+) \\S+$");
  private static final Pattern ENV = Pattern.compile("(?m)^(?:ENV| {4}) ?([A-Z_]+)=");

  private DeployFiles() {}

  /** The compose file, with its merge keys resolved. */
  public static JsonNode compose() {
    Map<String, Object> content = new Yaml().load(text(Path.of("docker-compose.yml")));
    return JsonMapper.builder().build().valueToTree(content);
  }

  /** The services that are built from the Dockerfile. */
  public static List<JsonNode> workers() {
    return compose().path("services").valueStream().filter(one -> one.has("build")).toList();
  }

  /** The key that workers have where nobody names another. */
  public static String adminKey() {
    String given = workers().getFirst().at("/environment/INGOT_ACCESS_ADMINKEY").asString();
    return given.substring(given.indexOf(":-") + 2, given.length() - 1);
  }

  /** What the Dockerfile takes out of the repository. */
  public static List<String> copied() {
    return COPY.matcher(dockerfile())
        .results()
        .flatMap(copy -> Arrays.stream(copy.group(1).split(" ")))
        .toList();
  }

  public static String dockerfile() {
    return text(DOCKERFILE);
  }

  /** What the build context holds, by {@code .dockerignore}. */
  public static List<String> context() {
    return text(Path.of(".dockerignore"))
        .lines()
        .filter(line -> line.startsWith("!"))
        .map(line -> line.substring(1))
        .toList();
  }

  /** Ingot's environment variables, of the image and of the workers. */
  public static Set<String> variables() {
    Stream<String> image = ENV.matcher(dockerfile()).results().map((MatchResult m) -> m.group(1));
    Stream<String> workers =
        workers().stream().flatMap(worker -> worker.path("environment").propertyNames().stream());
    return Stream.concat(image, workers)
        .filter(name -> name.startsWith("INGOT_") || name.startsWith("SERVER_"))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /**
   * Whether Spring binds the variable to the setting, whose name may have placeholders: {@code
   * ingot.projects.<project>.storage.data-path}.
   */
  public static boolean binds(String variable, String setting) {
    List<String> given = List.of(variable.toLowerCase(Locale.ROOT).split("_"));
    List<String> wanted = List.of(setting.replace("-", "").split("\\."));
    if (given.size() != wanted.size()) {
      return false;
    }
    for (int i = 0; i < given.size(); i++) {
      if (!wanted.get(i).startsWith("<") && !wanted.get(i).equals(given.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
