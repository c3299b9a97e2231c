package dev.ingot.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.engine.TableName;
import dev.ingot.manifest.Generation;
import dev.ingot.plan.PlannedTarget.Action;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Which of the generations that there are is taken up, and what stands for a target so far. */
class CandidatesTest {

  private final PlanFixture plan = new PlanFixture().target("a");

  private Action decide(TableName declared) {
    return plan.candidates().decide(plan.get("a"), declared, Map.of());
  }

  private String taken() {
    return decide(PlanFixture.table("a")) instanceof Action.Reuse(Generation one, Reason reason)
        ? one.id() + " " + reason
        : "none";
  }

  @Test
  void theNewestThatNothingSpeaksAgainstIsTaken() {
    plan.published("a").unpublished("later", 20, "a").unpublished("latest", 30, "a");

    assertThat(taken()).isEqualTo("latest UNCHANGED");
    plan.gone("latest");
    assertThat(taken()).isEqualTo("later UNCHANGED");
    plan.gone("later");
    assertThat(taken()).isEqualTo("g-a UNCHANGED");
    plan.gone("g-a");
    assertThat(taken()).isEqualTo("none");
  }

  @Test
  void whatSpeaksAgainstTheNewestIsTheReasonToBuild() {
    plan.publishedElsewhere("a").unpublished("later", 20, "a").gone("later");

    assertThat(decide(PlanFixture.table("a")).reason()).isEqualTo(Reason.TABLE_MISSING);
  }

  @Test
  void whatOnlyHasAnotherNameIsNotBuiltAgain() {
    plan.published("a");

    assertThat(decide(PlanFixture.table("b")).reason()).isEqualTo(Reason.RENAMED);
    assertThat(decide(PlanFixture.table("A")).reason())
        .as("the view is called as it is written")
        .isEqualTo(Reason.RENAMED);
    assertThat(decide(PlanFixture.table("a")).reason()).isEqualTo(Reason.UNCHANGED);
  }

  @Test
  void aTargetThatNothingStandsForIsNew() {
    plan.published("other");

    Action action = decide(PlanFixture.table("a"));

    assertThat(action).isEqualTo(new Action.Build(Reason.NEW, null));
  }

  @Test
  void whatHasItsNameOrItsSourceStandsForATargetThatIsNotKnown() {
    plan.target("a#2").published("a");

    assertThat(standsFor("a")).isEqualTo("g-a");
    assertThat(standsFor("A")).as("without regard to case").isEqualTo("g-a");
    assertThat(standsFor("renamed")).as("by its source").isEqualTo("g-a");
  }

  @Test
  void theSameBuildIdStandsForATargetBeforeTheSameName() {
    plan.published("b").published("a");

    assertThat(standsFor("b")).isEqualTo("g-a");
  }

  private String standsFor(String declared) {
    Generation found = plan.candidates().standsFor(plan.get("a"), PlanFixture.table(declared));
    return Objects.requireNonNull(found).id();
  }

  @Test
  void onlyWhatTheVersionHasIsCurrentAndOnlyWhatIsThereIsUsable() {
    plan.published("a").publishedElsewhere("b").unpublished("later", 20, "a").published("c");
    plan.gone("g-c");
    Candidates candidates = plan.candidates();

    assertThat(candidates.current())
        .extracting(entry -> entry.generation().id())
        .containsExactly("g-a", "g-b", "g-c");
    assertThat(candidates.current())
        .filteredOn(entry -> candidates.isUsable(entry.generation()))
        .extracting(entry -> entry.generation().id())
        .containsExactly("g-a");
    assertThat(decide(PlanFixture.table("a")))
        .isInstanceOfSatisfying(
            Action.Reuse.class,
            reuse -> assertThat(candidates.isCurrent(reuse.generation())).isFalse());
  }
}
