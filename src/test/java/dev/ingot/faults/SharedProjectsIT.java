package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.testing.Client;
import dev.ingot.testing.PackageApi;
import dev.ingot.testing.TestBucket;
import dev.ingot.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Projects of two catalogs, and one without, with packages of one name on one server. */
class SharedProjectsIT {

  private static final String PACKAGE = "same";
  private static final List<String> TABLES =
      List.of("runs", "generations", "versions", "current_versions", "workers", "serving");

  private final Cluster cluster = Cluster.shared();
  private final Client client = cluster.topology().client(Cluster.A);
  private final TestBucket bucket = cluster.topology().bucket();
  private final String prefix = "projects-" + UUID.randomUUID();

  @Test
  void theirTablesRunsVersionsAndWorkersDontMixAndOneGoesWithoutTheOthers() throws Exception {
    TestDatabase leftCatalog = cluster.postgres().database();
    TestDatabase rightCatalog = cluster.postgres().database();
    PackageApi left = register("left", 1, leftCatalog);
    PackageApi right = register("right", 2, rightCatalog);
    PackageApi alone = register("alone", 3, null);

    left.buildOk();
    assertThat(right.manifest().path("entries")).isEmpty();
    assertThat(alone.manifest().path("entries")).isEmpty();
    String run = right.buildOk().path("id").asString();
    String second = right.build(SharedDag.FORCED).path("id").asString();
    alone.buildOk();

    assertThat(answers(left, right, alone)).isEqualTo(expected(1, 2, 3));
    assertThat(runs(left)).doesNotContain(run, second).hasSize(1);
    assertThat(runs(right)).containsExactlyInAnyOrder(run, second);
    assertThat(runs(alone)).doesNotContain(run, second).hasSize(1);
    client.get(left.path() + "/materializations/" + run).expect(404);
    assertThat(client.post(alone.path() + "/materializations/" + run + "/start").status())
        .isEqualTo(404);
    assertThat(left.manifest().path("version").asLong()).isEqualTo(1);
    assertThat(right.manifest().path("version").asLong()).isEqualTo(2);
    assertThat(client.get("/api/v0/projects/alone/workers").expect(200).json()).hasSize(1);
    assertThat(projectsIn(leftCatalog)).containsExactly("left");
    assertThat(projectsIn(rightCatalog)).containsExactly("right");
    List<String> objects = bucket.list(prefix);
    assertThat(objects).isNotEmpty().allMatch(this::isOfASharedProject);

    client.delete("/api/v0/projects/left").expect(204);

    client.get(left.path()).expect(404);
    assertThat(answers(right, alone)).isEqualTo(expected(2, 3));
    assertThat(right.buildOk().path("targets")).hasSize(FaultDag.TARGETS);
    assertThat(alone.buildOk().path("targets")).hasSize(FaultDag.TARGETS);
    assertThat(bucket.list(prefix + "/left")).hasSize(FaultDag.TARGETS);
    PackageApi again = register("left", 1, leftCatalog);
    assertThat(answers(again, right, alone)).isEqualTo(expected(1, 2, 3));
    assertThat(again.manifest().path("version").asLong()).isEqualTo(1);
    for (String project : List.of("left", "right", "alone")) {
      client.delete("/api/v0/projects/" + project).expect(204);
    }
    System.out.printf("3 projects, 2 catalogs: %d objects, nothing mixed%n", objects.size());
  }

  private PackageApi register(String project, int data, @Nullable TestDatabase catalog) {
    String storage =
        catalog == null
            ? ""
            : ",\"materializationStorage\":{\"catalogUrl\":\"%s\",\"dataPath\":\"%s\"}"
                .formatted(catalog.url(), bucket.url(prefix + "/" + project));
    client.post("/api/v0/projects", "{\"name\":\"%s\"%s}".formatted(project, storage)).expect(201);
    String folder = "project-" + project;
    FaultDag.create(cluster.location(folder)).data(data);
    String path = "/api/v0/projects/" + project + "/packages";
    client
        .post(
            path,
            "{\"name\":\"%s\",\"location\":\"%s\"}".formatted(PACKAGE, cluster.location(folder)))
        .expect(201);
    return new PackageApi(client, path + "/" + PACKAGE);
  }

  private boolean isOfASharedProject(String key) {
    return List.of("left", "right").stream()
        .anyMatch(
            project -> key.startsWith("%s/%s/%s/%s/".formatted(prefix, project, project, PACKAGE)));
  }

  private static List<String> answers(PackageApi... packages) {
    var answers = new ArrayList<String>();
    for (PackageApi one : packages) {
      JsonNode answer = one.query(FaultDag.MODEL, FaultDag.QUERY).expect(200).json();
      assertThat(answer.path("live")).isEmpty();
      answers.add(one.rows(FaultDag.MODEL, FaultDag.QUERY).toString());
    }
    return answers;
  }

  private static List<String> expected(int... data) {
    var answers = new ArrayList<String>();
    for (int one : data) {
      answers.add(FaultDag.answer(one));
    }
    return answers;
  }

  private List<String> runs(PackageApi of) {
    return client
        .get(of.path() + "/materializations")
        .expect(200)
        .json()
        .valueStream()
        .map(run -> run.path("id").asString())
        .toList();
  }

  /** The projects that any of a catalog's rows is of. */
  private static SortedSet<String> projectsIn(TestDatabase catalog) throws SQLException {
    var projects = new TreeSet<String>();
    try (Connection connection = catalog.connect();
        Statement statement = connection.createStatement()) {
      for (String table : TABLES) {
        try (ResultSet rows =
            statement.executeQuery("SELECT DISTINCT project FROM ingot." + table)) {
          while (rows.next()) {
            projects.add(rows.getString(1));
          }
        }
      }
    }
    return projects;
  }
}
