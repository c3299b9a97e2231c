package dev.ingot.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.compile.CompiledTarget;
import dev.ingot.fault.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which targets a selection is about. */
class ScopeTest {

  /** Base, then left and right over it, then top over both; aside stands alone. */
  private final PlanFixture plan =
      new PlanFixture()
          .target("base")
          .target("left", "base")
          .target("right", "base")
          .target("top", "left", "right")
          .target("aside");

  private List<String> covered(Scope scope) {
    return plan.ordered().stream()
        .filter(scope::covers)
        .map(target -> target.sourceNames().getFirst())
        .toList();
  }

  private List<String> forced(Scope scope) {
    return plan.ordered().stream()
        .filter(scope::isForced)
        .map(target -> target.sourceNames().getFirst())
        .toList();
  }

  @Test
  void withoutASelectionItIsAboutEverything() {
    Scope scope = plan.scope(true);

    assertThat(scope.isEverything()).isTrue();
    assertThat(covered(scope)).containsExactly("base", "left", "right", "top", "aside");
    assertThat(forced(scope)).isEqualTo(covered(scope));
  }

  @Test
  void aSelectionTakesItsDependantsAndCoversWhatTheseNeed() {
    Scope scope = plan.scope(true, "left");

    assertThat(scope.isEverything()).isFalse();
    assertThat(forced(scope)).containsExactly("left", "top");
    assertThat(covered(scope)).containsExactly("base", "left", "right", "top");
  }

  @Test
  void nothingIsForcedUnlessThatIsSaid() {
    assertThat(forced(plan.scope(false, "left"))).isEmpty();
    assertThat(forced(plan.scope(false))).isEmpty();
  }

  @Test
  void aSourceMayBeNamedByItsTable() {
    assertThat(forced(plan.scope(true, "main.aside"))).containsExactly("aside");
  }

  @Test
  void aSourceThatIsNotThereIsAnErrorThatNamesThoseThatAre() {
    List<Problem> problems = plan.scope(false, "nowhere", "aside").problems();

    assertThat(problems)
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.isError()).isTrue();
          assertThat(problem.code()).isEqualTo("unknown_source");
          assertThat(problem.message()).contains("'nowhere'", "aside, base, left, right, top");
        });
    assertThat(plan.scope(false, "aside").problems()).isEmpty();
  }

  @Test
  void itGrowsWithAllThatReadsWhatIsBuiltAndSaysWhetherItDid() {
    plan.target("other", "aside").target("needed").target("reader", "other", "needed");
    Scope scope = plan.scope(false, "left");
    CompiledTarget aside = plan.get("aside");

    assertThat(scope.growFrom(aside)).isTrue();
    assertThat(covered(scope)).contains("aside", "other", "reader", "needed");
    assertThat(scope.growFrom(aside)).as("nothing is left to take in").isFalse();
    assertThat(scope.growFrom(plan.get("reader"))).as("nothing reads it").isFalse();
  }
}
