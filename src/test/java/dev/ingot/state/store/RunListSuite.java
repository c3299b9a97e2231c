package dev.ingot.state.store;

import static dev.ingot.state.store.Stores.KEY;
import static dev.ingot.state.store.Stores.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ingot.materialization.Materialization;
import dev.ingot.materialization.MaterializationStatus;
import dev.ingot.materialization.RunQuery;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How runs are listed, wherever a project's state lies. */
public abstract class RunListSuite extends StoreSuite {

  protected RunListSuite(StorePlace place) {
    super(place);
  }

  @Test
  void theNewestComeFirstAndPagesNeitherRepeatNorLeaveOut() {
    for (int i = 0; i < 9; i++) {
      // Three at each moment: the order among them must not change from page to page.
      fixture.pending(KEY, NOW.plusSeconds(i / 3));
    }
    List<Materialization> all = fixture.runs.list(KEY, null, 100, 0);
    var paged = new ArrayList<Materialization>();
    for (int offset = 0; offset < 9; offset += 2) {
      paged.addAll(fixture.runs.list(KEY, null, 2, offset));
    }

    assertThat(paged).hasSize(9).isEqualTo(all);
    assertThat(all).isSortedAccordingTo((a, b) -> b.createdAt().compareTo(a.createdAt()));
    assertThat(fixture.runs.count(KEY, null)).isEqualTo(9);
    assertThat(fixture.runs.count(KEY, MaterializationStatus.RUNNING)).isZero();
    assertThat(fixture.runs.count(OTHER, null)).isZero();
  }

  @Test
  void pagesGoOnWhereTheLastEndedWhateverComesAndGoes() {
    for (int i = 0; i < 9; i++) {
      fixture.pending(i % 2 == 0 ? KEY : OTHER, NOW.plusSeconds(i / 3));
    }
    List<Materialization> all = fixture.runs.list(query(RunQuery.Filter.ALL, null, 99));
    assertThat(all)
        .hasSize(9)
        .isSortedAccordingTo(
            Comparator.comparing(Materialization::createdAt)
                .reversed()
                .thenComparing(Materialization::id));
    var paged = new ArrayList<Materialization>();
    List<Materialization> page = fixture.runs.list(query(RunQuery.Filter.ALL, null, 2));
    while (!page.isEmpty()) {
      paged.addAll(page);
      Materialization last = page.getLast();
      fixture.pending(KEY, NOW.plusSeconds(99));
      fixture.end(last, MaterializationStatus.PENDING, MaterializationStatus.CANCELLED);
      assertThat(fixture.runs.delete(last.key(), last.id())).isTrue();
      page =
          fixture.runs.list(
              query(RunQuery.Filter.ALL, new RunQuery.Position(last.createdAt(), last.id()), 2));
    }

    assertThat(paged).isEqualTo(all);
  }

  @Test
  void listsAreOfTheAskedStatesTimesAndPackages() {
    var runs = new ArrayList<Materialization>();
    for (int i = 0; i < 5; i++) {
      runs.add(fixture.pending(KEY, NOW.plusSeconds(i)));
    }
    fixture.end(runs.get(1), MaterializationStatus.PENDING, MaterializationStatus.CANCELLED);
    fixture.runs.claim(KEY, runs.get(2).id(), NOW);
    var ended =
        Set.of(
            MaterializationStatus.CANCELLED,
            MaterializationStatus.RUNNING,
            MaterializationStatus.FAILED);

    assertThat(ids(new RunQuery.Filter(ended, null, null)))
        .containsExactly(runs.get(2).id(), runs.get(1).id());
    assertThat(ids(new RunQuery.Filter(Set.of(), NOW.plusSeconds(1), NOW.plusSeconds(4))))
        .containsExactly(runs.get(3).id(), runs.get(2).id());
    assertThat(ids(new RunQuery.Filter(ended, NOW.plusSeconds(1), null)))
        .containsExactly(runs.get(2).id());
    assertThat(
            fixture.runs.list(
                new RunQuery(
                    KEY.project(), List.of(OTHER.name()), RunQuery.Filter.ALL, null, 9, 0)))
        .isEmpty();
    assertThat(
            fixture.runs.list(
                new RunQuery(KEY.project(), List.of(), RunQuery.Filter.ALL, null, 9, 0)))
        .isEmpty();
  }

  private List<String> ids(RunQuery.Filter filter) {
    return fixture.runs.list(query(filter, null, 99)).stream().map(Materialization::id).toList();
  }

  private static RunQuery query(
      RunQuery.Filter filter, RunQuery.@Nullable Position after, int limit) {
    return new RunQuery(KEY.project(), List.of(KEY.name(), OTHER.name()), filter, after, limit, 0);
  }
}
