package dev.ingot.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.faults.DagEdit.Kind;
import dev.ingot.faults.DagNode.Form;
import dev.ingot.faults.RandomDag.Gene;
import dev.ingot.testing.RunReport;
import dev.ingot.testing.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/**
 * Packages of any shape, and any edits of them. The edits come first, because jqwik shrinks in this
 * order and a try takes the longer the more of them there are.
 */
// Set by start, which NullAway doesn't know as JUnit's own.
@SuppressWarnings("NullAway.Init")
class RandomDagTest {

  private static final int MOST_TARGETS = 40;
  private static final int MOST_ROUNDS = 4;
  private static final int MOST_EDITS = 3;
  private static final int MOST_PLANNED = 12;
  private static final int MOST_REQUESTS = 25;

  private static final BuildLog LOG = new BuildLog();
  private static Path folder;
  private static Server server;
  private static int packages;
  private static int targets;
  private static int edits;
  private static int plans;

  @BeforeContainer
  static void start() throws IOException {
    folder = Files.createTempDirectory("ingot");
    var failpoints = new Failpoints();
    failpoints.watch(LOG);
    server = Server.start(folder, failpoints);
  }

  @AfterContainer
  static void stop() throws IOException {
    server.close();
    FileSystemUtils.deleteRecursively(folder);
    System.out.printf(
        "%d packages, %d targets, %d edits, %d plans%n", packages, targets, edits, plans);
  }

  @Provide
  Arbitrary<RandomDag> dags() {
    return DagArbitraries.dags(MOST_TARGETS);
  }

  @Provide
  Arbitrary<List<List<DagEdit>>> rounds() {
    return DagArbitraries.edits()
        .list()
        .ofMinSize(1)
        .ofMaxSize(MOST_EDITS)
        .list()
        .ofMaxSize(MOST_ROUNDS)
        .withSizeDistribution(RandomDistribution.uniform());
  }

  @Provide
  Arbitrary<RandomDag> smallDags() {
    return DagArbitraries.dags(MOST_PLANNED);
  }

  @Provide
  Arbitrary<List<DagRequest>> requests() {
    return DagArbitraries.requests()
        .list()
        .ofMinSize(1)
        .ofMaxSize(MOST_REQUESTS)
        .withSizeDistribution(RandomDistribution.uniform());
  }

  @Tries(property = "ingot.test.dags", otherwise = 3)
  void aRunBuildsEachTargetOnceInOrderAndLaterJustWhatAnEditAsksFor(
      @ForAll("rounds") List<List<DagEdit>> rounds, @ForAll("dags") RandomDag dag) {
    try (var p = new DagPackage(server, LOG, dag)) {
      packages++;
      targets += dag.targets().size();
      buildAndCheck(p, RandomDag.EMPTY, Set.of());
      for (List<DagEdit> round : rounds) {
        RandomDag before = p.dag();
        Set<Integer> dropped = edit(p, round);
        buildAndCheck(p, before, dropped);
      }
    }
  }

  /** Malloy's build plan for a text over the last model is empty. */
  @Example
  void aModelThatImportsOnlyWhatLiesAboveTheTablesReadsThem() {
    var persisted = new Gene(List.of(), Form.SELECTED, true, false, false);
    var above = new Gene(List.of(0), Form.SELECTED, false, false, false);
    var importing = new Gene(List.of(0), Form.SELECTED, false, false, true);
    try (var p = new DagPackage(server, LOG, RandomDag.of(List.of(persisted, above, importing)))) {
      p.build("{}");
      p.checkServed();
    }
  }

  /**
   * @return uids of the sources whose tables it dropped
   */
  private static Set<Integer> edit(DagPackage p, List<DagEdit> round) {
    RandomDag before = p.dag();
    RandomDag now = before;
    var dropped = new HashSet<Integer>();
    for (DagEdit edit : round) {
      edits++;
      p.tell("%s: %s".formatted(edit.node(now), edit));
      if (edit.kind() == Kind.DROP) {
        dropped.add(edit.node(now).uid());
      }
      now = edit.apply(now);
    }
    p.drop(
        before.targets().stream()
            .filter(target -> dropped.contains(target.uid()))
            .map(DagNode::table)
            .collect(Collectors.toSet()));
    p.write(now);
    return dropped;
  }

  private static void buildAndCheck(DagPackage p, RandomDag before, Set<Integer> dropped) {
    var oracle = new DagOracle(before, p.dag(), dropped);
    long version = p.api().manifest().path("version").asLong(0);
    JsonNode plan = p.api().plan("");
    JsonNode run = p.build("{}");
    long next = p.api().manifest().path("version").asLong();

    p.checkDid(run, oracle.what());
    assertThat(RunReport.planned(plan)).as(p::story).isEqualTo(RunReport.asPlanned(run));
    boolean first = before.equals(RandomDag.EMPTY);
    assertThat(next - version).as(p::story).isEqualTo(first || oracle.publishes() ? 1 : 0);
    p.checkServed();

    JsonNode again = p.build("{}");
    p.checkDid(again, new DagOracle(p.dag(), p.dag(), Set.of()).what());
    assertThat(p.api().manifest().path("version").asLong()).as(p::story).isEqualTo(next);
  }

  @Tries(property = "ingot.test.plans", otherwise = 2)
  void aPlanSaysWhatTheRunThenDoes(
      @ForAll("requests") List<DagRequest> requests, @ForAll("smallDags") RandomDag dag) {
    try (var p = new DagPackage(server, LOG, dag)) {
      packages++;
      targets += dag.targets().size();
      for (DagRequest request : requests) {
        plans++;
        RandomDag now = request.edit().apply(p.dag());
        p.tell("%s: %s".formatted(request.edit().node(p.dag()), request));
        if (request.edit().kind() == Kind.DROP) {
          p.drop(Set.of(request.edit().node(now).table()));
        }
        RandomDag blemished = request.blemish().on(now, request.blemished());
        p.write(blemished);
        PlanAgreement.check(p, request);
        p.write(now);
      }
    }
  }
}
