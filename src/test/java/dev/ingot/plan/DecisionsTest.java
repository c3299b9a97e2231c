package dev.ingot.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a run does with each target, and when a table is proven to be what a build gives (P7). */
class DecisionsTest {

  /** {@code base}, two that read it, and one that stands alone; all of them published. */
  private final PlanFixture plan =
      new PlanFixture()
          .target("base")
          .target("left", "base")
          .target("right", "base")
          .target("alone")
          .published("base")
          .published("left", "g-base")
          .published("right", "g-base")
          .published("alone");

  @Test
  void whatIsNewIsBuilt() {
    var first = new PlanFixture().target("base").target("left", "base");

    assertThat(first.decide(false)).containsExactly("base: build NEW", "left: build NEW");
  }

  @Test
  void whatIsProvenIsReused() {
    assertThat(plan.decide(false))
        .containsExactly(
            "base: reuse g-base UNCHANGED",
            "left: reuse g-left UNCHANGED",
            "right: reuse g-right UNCHANGED",
            "alone: reuse g-alone UNCHANGED");
  }

  @Test
  void anotherSqlIsBuiltInPlaceOfTheOldTable() {
    plan.target("alone#2");

    assertThat(plan.decide(false)).contains("alone: build SQL_CHANGED for g-alone");
  }

  @Test
  void whateverReadsWhatIsBuiltIsBuilt() {
    plan.gone("g-base");

    assertThat(plan.decide(false))
        .containsExactly(
            "base: build TABLE_MISSING for g-base",
            "left: build UPSTREAM for g-left",
            "right: build UPSTREAM for g-right",
            "alone: reuse g-alone UNCHANGED");
  }

  @Test
  void aTableThatWasBuiltFromOtherGenerationsIsNotTakenUp() {
    var mixed =
        new PlanFixture()
            .target("base")
            .target("left", "base")
            .published("base")
            .published("left", "g-older-base");

    assertThat(mixed.decide(false))
        .containsExactly("base: reuse g-base UNCHANGED", "left: build UPSTREAM for g-left");
  }

  @Test
  void aTableThatReadsLessThanItWasBuiltFromIsNotTakenUp() {
    var less = new PlanFixture().target("left").published("left", "g-base");

    assertThat(less.decide(false)).containsExactly("left: build UPSTREAM for g-left");
  }

  @Test
  void aTableThatWasBuiltOverAnotherFolderIsNotTakenUp() {
    var moved = new PlanFixture().target("base").publishedElsewhere("base");

    assertThat(moved.decide(false)).containsExactly("base: build MOVED for g-base");
  }

  @Test
  void aForcedRefreshBuildsWhatCouldBeReused() {
    assertThat(plan.decide(true))
        .containsExactly(
            "base: build FORCED for g-base",
            "left: build FORCED for g-left",
            "right: build FORCED for g-right",
            "alone: build FORCED for g-alone");
  }

  @Test
  void whatIsNotSelectedIsCarriedOverOrLeft() {
    plan.target("fresh");

    assertThat(plan.decide(false, "alone"))
        .containsExactly(
            "base: reuse g-base UNCHANGED",
            "left: reuse g-left UNCHANGED",
            "right: reuse g-right UNCHANGED",
            "alone: reuse g-alone UNCHANGED",
            "fresh: leave NOT_SELECTED");
  }

  @Test
  void aForcedSelectionIsBuiltWithItsDependantsAndNothingElse() {
    assertThat(plan.decide(true, "left"))
        .containsExactly(
            "base: reuse g-base UNCHANGED",
            "left: build FORCED for g-left",
            "right: reuse g-right UNCHANGED",
            "alone: reuse g-alone UNCHANGED");
    assertThat(plan.decide(true, "base"))
        .containsExactly(
            "base: build FORCED for g-base",
            "left: build FORCED for g-left",
            "right: build FORCED for g-right",
            "alone: reuse g-alone UNCHANGED");
  }

  @Test
  void aSelectionTakesInWhatItNeedsAndAllThatReadsWhatIsBuiltForIt() {
    plan.gone("g-base");

    assertThat(plan.decide(false, "left"))
        .as("right would be of another base than left")
        .containsExactly(
            "base: build TABLE_MISSING for g-base",
            "left: build UPSTREAM for g-left",
            "right: build UPSTREAM for g-right",
            "alone: reuse g-alone UNCHANGED");
  }

  @Test
  void aMissingTableOfWhatIsNotSelectedIsLeftOut() {
    plan.gone("g-alone");

    assertThat(plan.decide(false, "left")).contains("alone: leave NOT_SELECTED");
    assertThat(plan.carried(false, "left")).isEmpty();
  }

  @Test
  void aPlanOfEverythingCarriesNothingThatTodaysModelsDoNotHave() {
    plan.published("old");

    assertThat(plan.carried(false)).isEmpty();
  }

  @Test
  void aSelectionCarriesOverWhatTodaysModelsNoLongerHave() {
    plan.published("old");

    assertThat(plan.carried(false, "left")).containsExactly("old");
  }

  @Test
  void whatIsNotSelectedKeepsItsOldTableEvenWhenItsModelHasChanged() {
    plan.target("alone#2");

    assertThat(plan.decide(false, "left")).contains("alone: leave NOT_SELECTED");
    assertThat(plan.carried(false, "left")).containsExactly("alone");
    assertThat(plan.carried(false, "alone")).as("its new one takes the name").isEmpty();
  }

  @Test
  void anOldTableWhoseInputsTheNextVersionDoesNotHaveIsNotCarried() {
    plan.published("old", "g-base").published("older", "g-old").published("apart", "g-alone");

    assertThat(plan.carried(true, "base")).as("base is another one then").containsExactly("apart");
    assertThat(plan.carried(true, "alone")).containsExactly("old", "older");
  }
}
