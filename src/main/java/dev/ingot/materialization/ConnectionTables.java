package dev.ingot.materialization;

import dev.ingot.engine.TableName;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.manifest.Generation;
import dev.ingot.manifest.ManifestEntry;
import dev.ingot.manifest.ManifestStore;
import dev.ingot.manifest.ManifestVersion;
import dev.ingot.manifest.ManifestVersion.Cause;
import dev.ingot.manifest.PackageTurns;
import dev.ingot.manifest.Turn;
import dev.ingot.project.ConnectionKey;
import dev.ingot.project.PackageKey;
import dev.ingot.project.PackageRegistration;
import dev.ingot.project.ProjectName;
import dev.ingot.project.ProjectService;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** What is on record of tables and views on a connection, whichever packages they are of. */
@Component
class ConnectionTables {

  private final ProjectService projects;
  private final ManifestStore manifests;
  private final MaterializationStore runs;
  private final Clock clock;

  ConnectionTables(
      ProjectService projects, ManifestStore manifests, MaterializationStore runs, Clock clock) {
    this.projects = projects;
    this.manifests = manifests;
    this.runs = runs;
    this.clock = clock;
  }

  /** All packages that may have some: those that are registered, and those that left them. */
  List<PackageKey> packages(ProjectName project) {
    var keys = new HashSet<>(manifests.packages(project));
    projects.packages(project).stream().map(PackageRegistration::key).forEach(keys::add);
    manifests.packages().stream().filter(key -> key.project().equals(project)).forEach(keys::add);
    return keys.stream().sorted(Comparator.comparing(PackageKey::toString)).toList();
  }

  private List<Generation> tables(PackageKey key, String connection) {
    return manifests.generations(key).stream()
        .filter(generation -> generation.connection().equals(connection))
        .toList();
  }

  /**
   * @throws Fault CONNECTION_IN_USE when one of these packages has any
   */
  void refuse(ConnectionKey connection, List<PackageKey> packages) {
    var using = new ArrayList<String>();
    int tables = 0;
    int views = 0;
    for (PackageKey key : packages) {
      List<Generation> found = tables(key, connection.name());
      Set<TableName> shown = manifests.views(key, connection.name());
      tables += found.size();
      views += shown.size();
      if (!found.isEmpty() || !shown.isEmpty()) {
        using.add(key.name().value());
      }
    }
    if (!using.isEmpty()) {
      throw new Fault(
          FaultCode.CONNECTION_IN_USE,
          "Connection '%s' is in use: %d of Ingot's tables and %d of its views are on record there, of the packages %s. Give them up first with POST /api/v0/projects/%s/packages/<package>/materializations/teardown, or with abandon=true, which leaves them in the database as nobody's"
              .formatted(
                  connection.name(),
                  tables,
                  views,
                  String.join(", ", using),
                  connection.project()));
    }
  }

  /**
   * Gives them up and leaves them where they are.
   *
   * <ol>
   *   <li>Publish a version without them, if the current one has any: whoever reads a version finds
   *       all that it has on record.
   *   <li>Forget the versions that have some.
   *   <li>Forget the tables and views.
   * </ol>
   *
   * <p>It asks no database: that may be gone.
   *
   * @throws Fault PACKAGE_BUSY while a run is RUNNING; CONNECTION_IN_USE while another server still
   *     answers from them
   */
  void abandon(Turn turn, String connection) {
    PackageKey key = turn.key();
    manifests
        .current(key)
        .filter(current -> has(current, connection))
        .ifPresent(current -> publishWithout(current, connection));
    manifests.forgetVersions(key, numbers(with(key, connection)));
    if (with(key, connection).findAny().isPresent()) {
      throw new Fault(
          FaultCode.CONNECTION_IN_USE,
          "Another server of the project still answers from tables of %s on '%s'; they are in no version any more: try again in a moment"
              .formatted(key, connection));
    }
    tables(key, connection).forEach(manifests::forget);
    manifests.forgetViews(key, connection, manifests.views(key, connection));
  }

  private void publishWithout(ManifestVersion current, String connection) {
    List<ManifestEntry> others =
        current.entries().stream().filter(entry -> !isOn(entry, connection)).toList();
    var next =
        new ManifestVersion(
            current.key(), current.number() + 1, new Cause.Teardown(), clock.instant(), others);
    if (!runs.publish(next, Set.of(MaterializationStatus.RUNNING))) {
      throw PackageTurns.busy(current.key());
    }
  }

  private Stream<ManifestVersion> with(PackageKey key, String connection) {
    return manifests.versions(key).stream().filter(version -> has(version, connection));
  }

  private static List<Long> numbers(Stream<ManifestVersion> versions) {
    return versions.map(ManifestVersion::number).toList();
  }

  private static boolean has(ManifestVersion version, String connection) {
    return version.entries().stream().anyMatch(entry -> isOn(entry, connection));
  }

  private static boolean isOn(ManifestEntry entry, String connection) {
    return entry.generation().connection().equals(connection);
  }
}
