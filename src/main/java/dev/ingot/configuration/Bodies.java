package dev.ingot.configuration;

import dev.ingot.body.ConnectionBody;
import dev.ingot.body.ConnectionRequest;
import dev.ingot.body.PackageRequest;
import dev.ingot.body.ProjectRequest;
import dev.ingot.body.Required;
import dev.ingot.body.StorageBody;
import dev.ingot.body.StorageField;
import dev.ingot.body.WebhookRequest;
import dev.ingot.configuration.Declared.DeclaredOptions;
import dev.ingot.configuration.Declared.DeclaredPackage;
import dev.ingot.configuration.Declared.DeclaredProject;
import dev.ingot.configuration.Declared.DeclaredStorage;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.project.ConnectionKey;
import dev.ingot.project.ConnectionSettings;
import dev.ingot.project.DuckDbGrants;
import dev.ingot.project.GivenBindings;
import dev.ingot.project.ImplicitConnection;
import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageLocation;
import dev.ingot.project.ProjectName;
import dev.ingot.project.Webhook;
import dev.ingot.project.Webhooks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes the bodies in a file for what they say, as requests with them would be. */
final class Bodies {

  private static final String PROJECTS = "/projects";

  /** Of a project whose own can't be read: what is wrong in it is told all the same. */
  private static final ProjectName UNNAMED = new ProjectName("unnamed");

  private final Tree tree;
  private final Path file;
  private final Telling told;

  /**
   * @param file absolute; relative locations begin at its folder
   */
  Bodies(Tree tree, Path file, Telling told) {
    this.tree = tree;
    this.file = file;
    this.told = told;
  }

  Declared declared(FileBody body) {
    if (body.projects() == null) {
      var _ = take(PROJECTS, () -> Required.field("projects", body.projects()));
    }
    var projects = new LinkedHashMap<ProjectName, DeclaredProject>();
    List<@Nullable ProjectRequest> requests = orEmpty(body.projects());
    for (int index = 0; index < requests.size(); index++) {
      String pointer = Tree.below(PROJECTS, index);
      project(pointer, requests.get(index))
          .ifPresent(one ->
              requireNew(pointer, "projects", one.name().value(), projects.put(one.name(), one)));
    }
    return new Declared(Boolean.TRUE.equals(body.frozenConfig()), List.copyOf(projects.values()));
  }

  private Optional<DeclaredProject> project(String pointer, @Nullable ProjectRequest request) {
    if (request == null) {
      if (!told.isWrong(pointer)) {
        told.mistake(pointer, tree.position(pointer), "A project is an object, not null");
      }
      return Optional.empty();
    }
    Optional<ProjectName> name =
        take(
            Tree.below(pointer, "name"),
            () -> new ProjectName(Required.field("name", request.name())));
    ProjectName project = name.orElse(UNNAMED);
    DeclaredStorage storage =
        storage(Tree.below(pointer, "materializationStorage"), request.materializationStorage());
    GivenBindings givens =
        request.givens() == null
            ? null
            : take(Tree.below(pointer, "givens"), request::bindings).orElse(null);
    var options =
        new DeclaredOptions(givens, webhooks(Tree.below(pointer, "webhooks"), request.webhooks()));
    Map<ConnectionKey, ConnectionSettings> connections =
        connections(Tree.below(pointer, "connections"), project, orEmpty(request.connections()));
    List<DeclaredPackage> packages =
        packages(Tree.below(pointer, "packages"), project, orEmpty(request.packages()));
    return name.map(known -> new DeclaredProject(known, storage, options, connections, packages));
  }

  private @Nullable DeclaredStorage storage(String pointer, @Nullable StorageField field) {
    return field == null
        ? null
        : take(pointer, () -> new DeclaredStorage(StorageBody.read(field.storage(), null)))
            .orElse(null);
  }

  private @Nullable Webhooks webhooks(
      String pointer, @Nullable List<@Nullable WebhookRequest> requests) {
    if (requests == null) {
      return null;
    }
    var all = new ArrayList<Webhook>();
    for (int index = 0; index < requests.size(); index++) {
      WebhookRequest request = requests.get(index);
      take(Tree.below(pointer, index), () -> WebhookRequest.read(request, Webhooks.NONE))
          .ifPresent(all::add);
    }
    return take(pointer, () -> new Webhooks(all)).orElse(null);
  }

  private record NamedConnection(ConnectionKey key, ConnectionSettings settings) {}

  private Map<ConnectionKey, ConnectionSettings> connections(
      String pointer, ProjectName project, List<@Nullable ConnectionRequest> requests) {
    var all = new LinkedHashMap<ConnectionKey, ConnectionSettings>();
    for (int index = 0; index < requests.size(); index++) {
      String place = Tree.below(pointer, index);
      ConnectionRequest request = requests.get(index);
      take(place, () -> connection(project, request))
          .ifPresent(one ->
              requireNew(
                  place, "connections", one.key().name(), all.put(one.key(), one.settings())));
    }
    var _ = take(pointer, () -> DuckDbGrants.all(all.values().stream()));
    return all;
  }

  private static NamedConnection connection(
      ProjectName project, @Nullable ConnectionRequest request) {
    if (request == null) {
      throw new Fault(FaultCode.BAD_REQUEST, "A connection is an object, not null");
    }
    ConnectionKey key = ConnectionBody.key(project, request);
    ConnectionSettings settings = ConnectionBody.created(request);
    ImplicitConnection.requireName(key, settings);
    return new NamedConnection(key, settings);
  }

  private List<DeclaredPackage> packages(
      String pointer, ProjectName project, List<PackageRequest> requests) {
    var all = new LinkedHashMap<PackageKey, DeclaredPackage>();
    for (int index = 0; index < requests.size(); index++) {
      String place = Tree.below(pointer, index);
      PackageRequest request = requests.get(index);
      take(place, () -> onePackage(project, request))
          .ifPresent(one ->
              requireNew(place, "packages", one.key().name().value(), all.put(one.key(), one)));
    }
    return List.copyOf(all.values());
  }

  private DeclaredPackage onePackage(ProjectName project, @Nullable PackageRequest request) {
    if (request == null) {
      throw new Fault(FaultCode.BAD_REQUEST, "A package is an object, not null");
    }
    var key = new PackageKey(project, Required.packageName(request));
    String location = Required.field("location", request.location());
    if (PackageLocation.isRemote(location)) {
      // It isn't repeated: there may be a token in it.
      throw new Fault(
          FaultCode.NOT_SUPPORTED,
          "The location of package '%s' is remote, and Ingot fetches nothing: copy the package to a folder and name that"
              .formatted(key.name()));
    }
    return new DeclaredPackage(
        key,
        PackageLocation.from(file.resolveSibling(""), location),
        request.description(),
        Boolean.TRUE.equals(request.strict()));
  }

  private void requireNew(String pointer, String what, String name, @Nullable Object before) {
    if (before != null) {
      told.mistake(
          pointer, tree.position(pointer), "Two %s have the name '%s'".formatted(what, name));
    }
  }

  private static <T extends @Nullable Object> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  /** Empty where it can't be taken, which is told then if it wasn't yet. */
  private <T> Optional<T> take(String pointer, Supplier<T> reading) {
    if (told.isWrong(pointer)) {
      return Optional.empty();
    }
    try {
      return Optional.of(reading.get());
    } catch (Fault e) {
      if (e.code() == FaultCode.NOT_SUPPORTED) {
        told.foreign(pointer, tree.position(pointer), e.detail());
      } else {
        told.mistake(pointer, tree.position(pointer), e.detail());
      }
      return Optional.empty();
    }
  }
}
