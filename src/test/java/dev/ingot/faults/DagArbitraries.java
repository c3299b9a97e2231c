package dev.ingot.faults;

import dev.ingot.faults.DagEdit.Blemish;
import dev.ingot.faults.DagEdit.Kind;
import dev.ingot.faults.DagNode.Form;
import dev.ingot.faults.RandomDag.Gene;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;

/** Random DAGs and edits, which shrink to few sources, plain ones, and few edits. */
final class DagArbitraries {

  private static final int MOST_INPUTS = 3;
  private static final int FAR = 40;

  private DagArbitraries() {}

  /** Chains, rows of diamonds, wide ones over one root, and any. */
  static Arbitrary<RandomDag> dags(int most) {
    return Arbitraries.oneOf(
        dags(most, picks(0, 0, 1)),
        dags(most, picks(0, 1, 2)),
        dags(most, picks(-1, 0, 1)),
        dags(most, picks(0, FAR, MOST_INPUTS)));
  }

  private static Arbitrary<RandomDag> dags(int most, Arbitrary<List<Integer>> picks) {
    return genes(picks)
        .list()
        .ofMinSize(1)
        .ofMaxSize(most)
        .withSizeDistribution(RandomDistribution.uniform())
        .map(RandomDag::of);
  }

  private static Arbitrary<List<Integer>> picks(int from, int to, int most) {
    return Arbitraries.integers().between(from, to).list().ofMaxSize(most);
  }

  private static Arbitrary<Gene> genes(Arbitrary<List<Integer>> picks) {
    Arbitrary<Form> forms =
        Arbitraries.of(
            Form.SELECTED,
            Form.GROUPED,
            Form.FILTERED,
            Form.EXTENDED,
            Form.SQL,
            Form.SQL_OF_QUERIES);
    return Combinators.combine(
            picks, forms, rarely(10).map(seldom -> !seldom), rarely(4), rarely(6))
        .as(Gene::new);
  }

  /** Once in so many times. */
  private static Arbitrary<Boolean> rarely(int times) {
    return Arbitraries.integers().between(1, times).map(n -> n == times);
  }

  static Arbitrary<DagEdit> edits() {
    // A table that is lost changes no model, so that it has to come up by itself.
    Arbitrary<Kind> kinds =
        Arbitraries.frequencyOf(
            Tuple.of(2, Arbitraries.of(Kind.class)), Tuple.of(1, Arbitraries.just(Kind.DROP)));
    return Combinators.combine(
            kinds, Arbitraries.integers().between(0, FAR - 1), genes(picks(0, FAR, MOST_INPUTS)))
        .as(DagEdit::new);
  }

  /** What is edited, and what is then asked of a plan and a run. */
  static Arbitrary<DagRequest> requests() {
    Arbitrary<Integer> places = Arbitraries.integers().between(0, FAR - 1);
    Arbitrary<Blemish> blemishes =
        Arbitraries.frequencyOf(
            Tuple.of(8, Arbitraries.just(Blemish.NONE)),
            Tuple.of(1, Arbitraries.of(Blemish.class)));
    Arbitrary<List<Integer>> sources =
        Arbitraries.oneOf(
            Arbitraries.just(List.of()),
            Arbitraries.integers().between(-1, 2 * FAR).list().ofMaxSize(3));
    return Combinators.combine(edits(), blemishes, places, rarely(4), sources).as(DagRequest::new);
  }
}
