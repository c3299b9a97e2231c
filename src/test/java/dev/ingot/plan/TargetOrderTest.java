package dev.ingot.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.compile.CompiledTarget;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TargetOrderTest {

  private static final CompiledTarget BASE = target("base");
  private static final CompiledTarget LEFT = target("left", "base");
  private static final CompiledTarget RIGHT = target("right", "base");
  private static final CompiledTarget TOP = target("top", "left", "right");
  private static final CompiledTarget ALONE = target("alone");

  @Test
  void eachTargetComesOnceAndAfterAllThatItReadsHoweverTheyAreGiven() {
    List<CompiledTarget> given = new ArrayList<>(List.of(TOP, RIGHT, LEFT, BASE, ALONE));
    var random = new Random(7);
    for (int i = 0; i < 100; i++) {
      Collections.shuffle(given, random);

      List<CompiledTarget> ordered = TargetOrder.of(given);

      assertThat(ordered).containsExactlyInAnyOrderElementsOf(given);
      assertThat(ordered)
          .containsSubsequence(BASE, LEFT, TOP)
          .containsSubsequence(BASE, RIGHT, TOP);
    }
  }

  @Test
  void whatNeedsNothingKeepsTheOrderItWasGivenIn() {
    assertThat(TargetOrder.of(List.of(TOP, ALONE, BASE, LEFT, RIGHT)))
        .containsExactly(BASE, LEFT, RIGHT, TOP, ALONE);
  }

  @Test
  void aDependencyThatIsNotAmongTheTargetsIsPassedOver() {
    assertThat(TargetOrder.of(List.of(LEFT, ALONE))).containsExactly(LEFT, ALONE);
  }

  private static CompiledTarget target(String id, String... dependsOn) {
    return new CompiledTarget(
        id, "duckdb", "duckdb", "select 1", List.of(dependsOn), false, List.of());
  }
}
