package dev.ingot.project;

import dev.ingot.fault.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code publisher.json}, whose fields are the upstream system's.
 *
 * @param explores the models that are listed; where there are any, and unless {@code
 *     queryableSources} is {@code all}, only what these models export can be queried
 * @param queryableSources {@code declared}, which is the default, or {@code all}
 * @param materialization when and how the upstream system builds; Ingot builds when it is told to
 * @param scope of the upstream system's tables
 */
public record PublisherJson(
    @Nullable String name,
    @Nullable String version,
    @Nullable String description,
    @Nullable List<String> explores,
    @Nullable String queryableSources,
    @Nullable Map<String, @Nullable Object> materialization,
    @Nullable String scope) {

  private static final String FILE = "publisher.json";

  /** Where there is none that can be read. */
  static final PublisherJson NONE = new PublisherJson(null, null, null);

  public PublisherJson {
    explores = explores == null ? null : explores.stream().map(PublisherJson::plain).toList();
  }

  /** One that restricts nothing. */
  public PublisherJson(
      @Nullable String name, @Nullable String version, @Nullable String description) {
    this(name, version, description, null, null, null, null);
  }

  private static String plain(String path) {
    // JSON lets an element be null.
    String text = Objects.requireNonNullElse(path, "");
    return text.startsWith("./") ? text.substring(2) : text;
  }

  boolean lists(String model) {
    return explores == null || explores.isEmpty() || explores.contains(model);
  }

  boolean restricts() {
    return explores != null && !explores.isEmpty() && !"all".equals(queryableSources);
  }

  /** What of it changes the answers to queries; empty where nothing does. */
  String surface() {
    return explores == null || explores.isEmpty() ? "" : queryableSources + " " + explores;
  }

  /** What can't be meant; each refuses the package. */
  List<Problem> errors() {
    return queryableSources == null || List.of("declared", "all").contains(queryableSources)
        ? List.of()
        : List.of(
            Problem.error(
                "publisher_json_invalid",
                "publisher.json: queryableSources must be \"declared\" or \"all\", not \"%s\""
                    .formatted(queryableSources)));
  }

  /**
   * What Ingot doesn't act on, and explored models that aren't there.
   *
   * @param models of the package
   */
  public List<Problem> warnings(Collection<String> models) {
    var warnings = new ArrayList<Problem>();
    if (explores != null) {
      explores.stream()
          .filter(path -> !models.contains(path))
          .forEach(path ->
              warnings.add(
                  warning(
                      "publisher_json_explores",
                      "explores names '%s', which is no model of the package: mend its path or take it out"
                          .formatted(path))));
    }
    if (materialization != null) {
      materialization.keySet().forEach(key -> warnings.add(ignored("materialization." + key)));
    }
    if (scope != null) {
      warnings.add(ignored("scope"));
    }
    return warnings;
  }

  private static Problem ignored(String field) {
    return warning(
        "publisher_json_ignored",
        "Ingot does not act on '%s': tables are built when a materialization is started, and are the package's"
            .formatted(field));
  }

  private static Problem warning(String code, String message) {
    return Problem.warning(code, message, FILE, null, null);
  }
}
