package dev.ingot.state.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.state.catalog.ClaimHistory.Call;
import dev.ingot.state.catalog.ClaimHistory.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimHistoryTest {

  private static final Step TAKEN = new Step.Taken("a");
  private static final Step FREED = new Step.Freed("a");

  @Test
  void callsOneAfterTheOtherAreFollowed() {
    assertThat(
            isLinearizable(
                new Call(0, 1, TAKEN),
                new Call(2, 3, new Step.Refused("a")),
                new Call(4, 5, FREED),
                new Call(6, 7, new Step.NotFreed("a")),
                new Call(8, 9, new Step.Taken("b"))))
        .isTrue();
  }

  @Test
  void callsAtOnceMayHaveHappenedInAnyOrder() {
    assertThat(
            isLinearizable(
                new Call(0, 9, new Step.Refused("b")),
                new Call(1, 8, TAKEN),
                new Call(2, 7, new Step.Taken("b")),
                new Call(3, 6, FREED)))
        .isTrue();
  }

  @Test
  void twoThatHaveItAtOnceAreFound() {
    assertThat(
            isLinearizable(
                new Call(0, 5, TAKEN), new Call(1, 6, new Step.Taken("b")), new Call(7, 8, FREED)))
        .isFalse();
  }

  @Test
  void anAnswerOfWhatWasBeforeIsFound() {
    assertThat(
            isLinearizable(
                new Call(0, 1, TAKEN),
                new Call(2, 3, FREED),
                new Call(4, 5, new Step.Refused("a"))))
        .isFalse();
  }

  @Test
  void anAnswerOfWhatComesIsFound() {
    assertThat(isLinearizable(new Call(0, 1, new Step.Refused("a")), new Call(2, 3, TAKEN)))
        .isFalse();
  }

  @Test
  void oneThatIsFreedTwiceIsFound() {
    assertThat(isLinearizable(new Call(0, 1, TAKEN), new Call(2, 5, FREED), new Call(3, 6, FREED)))
        .isFalse();
  }

  @Test
  void oneThatIsNotFreedWhileItHasItIsFound() {
    assertThat(isLinearizable(new Call(0, 1, TAKEN), new Call(2, 3, new Step.NotFreed("a"))))
        .isFalse();
  }

  private static boolean isLinearizable(Call... calls) {
    return ClaimHistory.isLinearizable(List.of(calls));
  }
}
