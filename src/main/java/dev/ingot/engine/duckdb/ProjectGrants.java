package dev.ingot.engine.duckdb;

import dev.ingot.engine.Engines;
import dev.ingot.project.AttachedDatabase;
import dev.ingot.project.ConnectionStore;
import dev.ingot.project.DuckDbGrants;
import dev.ingot.project.ProjectConnection;
import dev.ingot.project.ProjectName;
import dev.ingot.project.Sha256;
import dev.ingot.threads.Tasks;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** What each project's packages are granted elsewhere. */
@Component
class ProjectGrants implements DisposableBean {

  /** Between two looks at what couldn't be had when a database was opened. */
  private static final Duration AGAIN = Duration.ofSeconds(10);

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final ConnectionStore connections;
  private final Grants.Environment environment;
  private final AttachedProbe probe;
  private final Tasks tasks;
  private final String salt = UUID.randomUUID().toString();
  private volatile boolean ended;

  ProjectGrants(
      ConnectionStore connections,
      Grants.Environment environment,
      AttachedProbe probe,
      Tasks tasks) {
    this.connections = connections;
    this.environment = environment;
    this.probe = probe;
    this.tasks = tasks;
  }

  /** The names of a package's database: the implicit one, and those that the project gives it. */
  List<String> connections(ProjectName project) {
    return Stream.concat(Stream.of(Engines.DUCKDB), declared(project).map(one -> one.key().name()))
        .distinct()
        .toList();
  }

  /** By whichever name it was granted: behind all of them there is one database. */
  DuckDbGrants granted(ProjectName project) {
    return DuckDbGrants.all(declared(project).map(ProjectConnection::settings));
  }

  private Stream<ProjectConnection> declared(ProjectName project) {
    return connections.of(project).stream().filter(one -> one.settings() instanceof DuckDbGrants);
  }

  /** Another one when anything of it is another; it tells nobody what. */
  String version(ProjectName project) {
    DuckDbGrants granted = granted(project);
    if (granted.equals(DuckDbGrants.NONE)) {
      return "";
    }
    // It stands in logs: without what only this process knows, it would let secrets be guessed.
    var hash = new Sha256();
    hash.add(salt, JSON.writeValueAsString(granted));
    return hash.hex();
  }

  /**
   * @param whenMissing told when a database is opened without all of it
   */
  Grants of(DuckDbGrants granted, Consumer<Grants> whenMissing) {
    return new Grants(granted, environment, whenMissing);
  }

  /**
   * Tries what couldn't be had until it can, where nobody waits for it.
   *
   * @param inUse whether a database is still open with these grants
   * @param had opens it again; false when that can't be done now
   */
  void awaitMissing(Grants opened, BooleanSupplier inUse, BooleanSupplier had) {
    tasks.startAfter(
        AGAIN,
        "attach",
        () -> {
          if (ended || !inUse.getAsBoolean()) {
            return;
          }
          boolean there = opened.missing().stream().anyMatch(this::canBeHad);
          if (!(there && had.getAsBoolean())) {
            awaitMissing(opened, inUse, had);
          }
        });
  }

  @Override
  public void destroy() {
    ended = true;
  }

  private boolean canBeHad(AttachedDatabase one) {
    return probe.failure(new DuckDbGrants(List.of(one))).isEmpty();
  }
}
