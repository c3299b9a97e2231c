package dev.ingot.configuration;

import dev.ingot.project.ConnectionKey;
import dev.ingot.project.ConnectionSettings;
import dev.ingot.project.GivenBindings;
import dev.ingot.project.MaterializationStorage;
import dev.ingot.project.PackageKey;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectOptions;
import dev.ingot.project.Webhooks;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a file says there is.
 *
 * @param frozen nothing is changed over REST
 */
public record Declared(boolean frozen, List<DeclaredProject> projects) {

  /** Of a server without a file. */
  public static final Declared NONE = new Declared(false, List.of());

  public Declared {
    projects = List.copyOf(projects);
  }

  /**
   * @param storage null when the file doesn't speak of it
   * @param connections in the order of the file
   */
  public record DeclaredProject(
      ProjectName name,
      @Nullable DeclaredStorage storage,
      DeclaredOptions options,
      Map<ConnectionKey, ConnectionSettings> connections,
      List<DeclaredPackage> packages) {

    public DeclaredProject {
      connections = Collections.unmodifiableMap(new LinkedHashMap<>(connections));
      packages = List.copyOf(packages);
    }
  }

  /**
   * What a project has beside its storage.
   *
   * @param givens null when the file doesn't speak of them
   * @param webhooks null when the file doesn't speak of them
   */
  public record DeclaredOptions(@Nullable GivenBindings givens, @Nullable Webhooks webhooks) {

    /**
     * @param known that it has
     */
    public ProjectOptions on(ProjectOptions known) {
      return known.with(givens, webhooks);
    }
  }

  /**
   * @param storage null for this server's own
   */
  public record DeclaredStorage(@Nullable MaterializationStorage storage) {}

  /**
   * @param location absolute, or of the sample
   * @param description null keeps the one that it has
   */
  public record DeclaredPackage(
      PackageKey key, String location, @Nullable String description, boolean strict) {}

  public Optional<DeclaredProject> find(ProjectName name) {
    return projects.stream().filter(project -> project.name().equals(name)).findFirst();
  }

  public boolean names(ProjectName name) {
    return find(name).isPresent();
  }

  public boolean names(ConnectionKey key) {
    return find(key.project()).filter(one -> one.connections().containsKey(key)).isPresent();
  }

  public boolean names(PackageKey key) {
    return find(key.project()).stream()
        .flatMap(project -> project.packages().stream())
        .anyMatch(one -> one.key().equals(key));
  }

  /** Whether it says where a project's state and tables are. */
  public boolean namesStorage(ProjectName name) {
    return find(name).filter(project -> project.storage() != null).isPresent();
  }

  /** Whether it says which givens a project binds. */
  public boolean namesGivens(ProjectName name) {
    return find(name).filter(project -> project.options().givens() != null).isPresent();
  }

  /** How much it is, for people. */
  String summary() {
    return "projects %d, packages %d, connections %d%s"
        .formatted(
            projects.size(),
            projects.stream().mapToInt(project -> project.packages().size()).sum(),
            projects.stream().mapToInt(project -> project.connections().size()).sum(),
            frozen ? "; frozen" : "");
  }
}
