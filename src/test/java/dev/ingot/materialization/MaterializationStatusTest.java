package dev.ingot.materialization;

import static dev.ingot.materialization.MaterializationStatus.CANCELLED;
import static dev.ingot.materialization.MaterializationStatus.FAILED;
import static dev.ingot.materialization.MaterializationStatus.PENDING;
import static dev.ingot.materialization.MaterializationStatus.RUNNING;
import static dev.ingot.materialization.MaterializationStatus.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MaterializationStatusTest {

  /** Written down a second time: an edge that is added or lost there is missed here. */
  private static final Map<MaterializationStatus, Set<MaterializationStatus>> PROMISED =
      Map.of(
          PENDING, Set.of(RUNNING, CANCELLED),
          RUNNING, Set.of(SUCCESS, FAILED, CANCELLED),
          SUCCESS, Set.of(),
          FAILED, Set.of(),
          CANCELLED, Set.of());

  @ParameterizedTest
  @EnumSource
  void everyPromisedEdgeIsThereAndEveryOtherPairIsRefused(MaterializationStatus from) {
    Set<MaterializationStatus> promised = PROMISED.getOrDefault(from, Set.of());

    assertThat(PROMISED).containsKey(from);
    assertThat(from.next()).isEqualTo(promised);
    for (MaterializationStatus to : MaterializationStatus.values()) {
      assertThat(from.mayBecome(to)).as("%s to %s", from, to).isEqualTo(promised.contains(to));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatNothingFollowsIsTerminal(MaterializationStatus status) {
    assertThat(status.isTerminal()).isEqualTo(Set.of(SUCCESS, FAILED, CANCELLED).contains(status));
  }
}
