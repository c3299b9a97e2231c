package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.faults.BuildLog.Build;
import dev.ingot.testing.Answer;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.PackageDatabase;
import dev.ingot.testing.PackageFiles;
import dev.ingot.testing.RunReport;
import dev.ingot.testing.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A {@link RandomDag} as a package of a running server, and what is done to it in turns. */
final class DagPackage implements AutoCloseable {

  private static final AtomicInteger COUNT = new AtomicInteger();

  private final Server server;
  private final BuildLog log;
  private final String name = "dag" + COUNT.incrementAndGet();
  private final PackageFiles files;
  private final PackageApi api;
  private @Nullable PackageApi live;
  private final StringBuilder story = new StringBuilder();
  private final Set<String> tablesEver = new HashSet<>();
  private RandomDag dag;

  DagPackage(Server server, BuildLog log, RandomDag dag) {
    this.server = server;
    this.log = log;
    this.dag = dag;
    files = PackageFiles.create(server.packageFolder(name));
    files.file("data/facts.csv", DagModels.facts());
    write(dag);
    api = server.register(name);
    story.append("begun with").append(dag).append('\n');
  }

  PackageApi api() {
    return api;
  }

  RandomDag dag() {
    return dag;
  }

  /** What was done, for a reader of a failure. */
  String story() {
    return story + "now it is" + dag + '\n';
  }

  void tell(Object event) {
    story.append(event).append('\n');
  }

  /** Writes other models over the same facts. */
  void write(RandomDag now) {
    dag = now;
    try (var old = Files.newDirectoryStream(files.folder(), "*.malloy")) {
      for (Path model : old) {
        Files.delete(model);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    new DagModels(now).texts().forEach(files::file);
  }

  /** Drops the tables of some targets, by their declared names, past Ingot. */
  void drop(Set<String> targets) {
    PackageDatabase database = PackageDatabase.of(server, name);
    List<String> existing =
        database.rows("SELECT schema_name || '.' || table_name FROM duckdb_tables()");
    for (JsonNode entry : api.manifest().path("entries")) {
      String table = entry.path("physicalTable").asString();
      // One may have been dropped before, with a run after it that didn't build it again.
      if (targets.contains(entry.path("tableName").asString()) && existing.contains(table)) {
        database.drop(table);
      }
    }
  }

  /**
   * Runs a build to its end, and checks what holds for each: every table was built once, none
   * before what it reads, and under a name that was never used.
   */
  JsonNode build(String body) {
    log.take();
    JsonNode run = api.build(body);
    // Views and the clean-up come after the end that is seen.
    Failpoints.awaitNoRun();
    Map<String, Build> builds = new HashMap<>();
    List<String> tables = new ArrayList<>();
    for (Build build : log.take()) {
      builds.put(build.table(), build);
      tables.add(build.table());
    }
    assertThat(tables)
        .as(this::story)
        .containsExactlyInAnyOrderElementsOf(physical(run, "BUILT"))
        .allMatch(tablesEver::add);
    Map<String, String> byBuildId = new HashMap<>();
    run.path("targets")
        .forEach(target ->
            byBuildId.put(
                target.path("buildId").asString(), target.path("physicalTable").asString()));
    for (JsonNode target : run.path("targets")) {
      Build built = builds.get(target.path("physicalTable").asString());
      for (JsonNode dependency : target.path("dependsOn")) {
        Build needed = builds.get(byBuildId.getOrDefault(dependency.asString(), ""));
        if (built != null && needed != null) {
          assertThat(built.from()).as(this::story).isGreaterThan(needed.to());
        }
      }
    }
    return run;
  }

  private static List<String> physical(JsonNode run, String status) {
    return run.path("targets")
        .valueStream()
        .filter(target -> target.path("status").asString().equals(status))
        .map(target -> target.path("physicalTable").asString())
        .toList();
  }

  /** Checks that a run that succeeded did this, with the targets and the edges of the DAG. */
  void checkDid(JsonNode run, List<String> what) {
    assertThat(run.path("status").asString()).as(run::toPrettyString).isEqualTo("SUCCESS");
    assertThat(RunReport.what(run)).as(this::story).containsExactlyInAnyOrderElementsOf(what);
    Map<String, String> tables = new HashMap<>();
    run.path("targets")
        .forEach(target ->
            tables.put(target.path("buildId").asString(), target.path("tableName").asString()));
    for (DagNode target : dag.targets()) {
      assertThat(PackageApi.target(run, target.table()).path("dependsOn").valueStream())
          .as(this::story)
          .extracting(dependency -> tables.get(dependency.asString()))
          .containsExactlyInAnyOrderElementsOf(
              dag.reads(target).stream().map(uid -> dag.node(uid).table()).toList());
    }
  }

  /** Checks that each source is answered from the nearest tables, and as it is without tables. */
  void checkServed() {
    PackageApi unpersisted = live();
    var models = new DagModels(dag);
    for (DagNode node : dag.nodes()) {
      Answer answer = answer(api, models, node);
      Answer expected = answer(unpersisted, models, node);
      Set<Integer> tables = node.persisted() ? Set.of(node.uid()) : dag.reads(node);
      assertThat(sources(answer, "live")).as(this::story).isEmpty();
      assertThat(sources(answer, "materialized"))
          .as(this::story)
          .isEqualTo(
              tables.stream().map(uid -> dag.node(uid).source()).collect(Collectors.toSet()));
      assertThat(sources(expected, "materialized")).isEmpty();
      assertThat(answer.rows()).as(this::story).isEqualTo(expected.rows());
      // Then with a plan that was kept, and then perhaps kept itself: nobody sees a difference.
      for (int again = 0; again < 2; again++) {
        Answer same = answer(api, models, node);
        assertThat(same.rows()).as(this::story).isEqualTo(answer.rows());
        assertThat(same.json().path("materialized"))
            .as(this::story)
            .isEqualTo(answer.json().path("materialized"));
      }
    }
  }

  /** The same folder, as it is now, as a package of which no table is ever built. */
  private PackageApi live() {
    if (live == null) {
      String packages = api.path().substring(0, api.path().lastIndexOf('/'));
      server
          .client()
          .post(
              packages + "?autoLoadManifest=false",
              "{\"name\":\"%s-live\",\"location\":\"%s\"}".formatted(name, files.folder()))
          .expect(201);
      live = new PackageApi(server.client(), api.path() + "-live");
    }
    server.client().post(live.path() + "/manifest/reload").expect(200);
    return live;
  }

  private static Answer answer(PackageApi from, DagModels models, DagNode node) {
    return from.query(
            models.of(node), "run: %s -> { select: *; order_by: k }".formatted(node.source()))
        .expect(200);
  }

  private static Set<String> sources(Answer answer, String how) {
    return answer
        .json()
        .path(how)
        .valueStream()
        .map(read -> read.path("source").asString())
        .collect(Collectors.toSet());
  }

  @Override
  public void close() {
    if (live != null) {
      server.client().delete(live.path()).expect(204);
    }
    server.client().delete(api.path()).expect(204);
  }
}
