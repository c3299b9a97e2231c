package dev.ingot.materialization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.compile.CompiledTarget;
import dev.ingot.engine.TableName;
import dev.ingot.plan.PlannedTarget;
import dev.ingot.plan.Reason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BuildQueueTest {

  private static final PlannedTarget BASE = target("base");
  private static final PlannedTarget LEFT = target("left", "base");
  private static final PlannedTarget RIGHT = target("right", "base");
  private static final PlannedTarget TOP = target("top", "left", "right");
  private static final PlannedTarget ALONE = target("alone");

  /** In dependency order, as a plan has them. */
  private static final List<PlannedTarget> ALL = List.of(ALONE, BASE, LEFT, RIGHT, TOP);

  @Test
  void aTargetStartsTheMomentItsLastDependencyIsDone() {
    var queue = new BuildQueue(ALL, connection -> 9);

    assertThat(queue.start()).containsExactlyInAnyOrder(BASE, ALONE);
    assertThat(queue.start()).isEmpty();
    queue.built(BASE);
    assertThat(queue.start()).containsExactlyInAnyOrder(LEFT, RIGHT);
    queue.built(LEFT);
    assertThat(queue.start()).isEmpty();
    queue.built(RIGHT);
    assertThat(queue.start()).containsExactly(TOP);
  }

  @Test
  void theLongestChainOfDependantsGoesFirst() {
    PlannedTarget shallow = target("a-shallow");
    PlannedTarget deep = target("z-deep");
    PlannedTarget behind = target("m-behind", "z-deep");
    PlannedTarget last = target("n-last", "m-behind");
    PlannedTarget middle = target("b-middle");
    PlannedTarget one = target("c-one", "b-middle");

    var queue = new BuildQueue(List.of(shallow, middle, one, deep, behind, last), connection -> 1);

    assertThat(queue.start()).containsExactly(deep);
    queue.built(deep);
    // Two wait with one more behind each: the name decides, so that runs repeat each other.
    assertThat(queue.start()).containsExactly(middle);
    queue.built(middle);
    assertThat(queue.start()).containsExactly(behind);
    queue.built(behind);
    assertThat(queue.start()).containsExactly(shallow);
  }

  @Test
  void thoseThatAreNextAreKnownAheadTheReadyOnesFirst() {
    var queue = new BuildQueue(ALL, connection -> 2);

    assertThat(queue.ahead()).containsExactly(BASE, ALONE);
    queue.start();
    assertThat(queue.ahead()).containsExactlyInAnyOrder(LEFT, RIGHT);
    queue.built(BASE);
    queue.built(ALONE);
    queue.start();
    assertThat(queue.ahead()).containsExactly(TOP);
  }

  @Test
  void eachConnectionHasItsOwnPlaces() {
    PlannedTarget here = target("1-here");
    PlannedTarget hereToo = target("2-here");
    PlannedTarget there = onConnection("other", "3-there");
    PlannedTarget thereToo = onConnection("other", "4-there");
    var queue = new BuildQueue(List.of(here, hereToo, there, thereToo), connection -> 1);

    assertThat(queue.start()).containsExactly(here, there);
    assertThat(queue.start()).isEmpty();
    queue.built(there);
    assertThat(queue.start()).containsExactly(thereToo);
    queue.built(here);
    assertThat(queue.start()).containsExactly(hereToo);
  }

  @Test
  void eachConnectionHasALimitOfItsOwn() {
    PlannedTarget one = target("1-here");
    PlannedTarget two = target("2-here");
    PlannedTarget three = target("3-here");
    PlannedTarget there = onConnection("other", "4-there");
    PlannedTarget thereToo = onConnection("other", "5-there");
    Map<String, Integer> limits = Map.of("duckdb", 2, "other", 1);
    var queue =
        new BuildQueue(
            List.of(one, two, three, there, thereToo), name -> limits.getOrDefault(name, 0));

    assertThat(queue.ahead()).containsExactly(one, two, there);
    assertThat(queue.start()).containsExactly(one, two, there);
    assertThat(queue.ahead()).containsExactly(three, thereToo);
    queue.built(there);
    assertThat(queue.start()).containsExactly(thereToo);
    queue.built(one);
    assertThat(queue.start()).containsExactly(three);
  }

  @Test
  void aFailureTakesAllThatDependsOnItAndFreesItsPlace() {
    var queue = new BuildQueue(ALL, connection -> 1);

    assertThat(queue.start()).containsExactly(BASE);
    assertThat(queue.failed(BASE)).containsExactlyInAnyOrder(LEFT, RIGHT, TOP);
    assertThat(queue.isEmpty()).isFalse();
    assertThat(queue.start()).containsExactly(ALONE);
    queue.built(ALONE);
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void whatAlreadyRunsGoesOnWhenItsSiblingFails() {
    var queue = new BuildQueue(ALL, connection -> 9);
    queue.start();
    queue.built(ALONE);
    queue.built(BASE);
    assertThat(queue.start()).containsExactlyInAnyOrder(LEFT, RIGHT);

    assertThat(queue.failed(LEFT)).containsExactly(TOP);

    assertThat(queue.isEmpty()).isFalse();
    queue.built(RIGHT);
    assertThat(queue.start()).isEmpty();
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void twoFailuresSkipACommonDependantOnce() {
    var queue = new BuildQueue(ALL, connection -> 9);
    queue.start();
    queue.built(BASE);
    queue.start();

    assertThat(queue.failed(LEFT)).containsExactly(TOP);
    assertThat(queue.failed(RIGHT)).isEmpty();
  }

  @Test
  void aClearedQueueStartsNothingAndIsEmptyOnceWhatRunsHasEnded() {
    var queue = new BuildQueue(ALL, connection -> 1);
    assertThat(queue.start()).containsExactly(BASE);

    queue.clear();

    assertThat(queue.isEmpty()).isFalse();
    queue.built(BASE);
    assertThat(queue.start()).isEmpty();
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void aDependencyThatIsReusedIsNotWaitedFor() {
    var queue = new BuildQueue(List.of(LEFT, TOP), connection -> 9);

    assertThat(queue.start()).containsExactly(LEFT);
    queue.built(LEFT);
    assertThat(queue.start()).containsExactly(TOP);
  }

  private static PlannedTarget target(String id, String... dependsOn) {
    return onConnection("duckdb", id, dependsOn);
  }

  private static PlannedTarget onConnection(String connection, String id, String... dependsOn) {
    return new PlannedTarget(
        new CompiledTarget(
            id, connection, "duckdb", "select 1", List.of(dependsOn), false, List.of()),
        new TableName("main", id),
        new PlannedTarget.Action.Build(Reason.NEW, null, List.of()));
  }
}
