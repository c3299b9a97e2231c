package dev.ingot.faults;

import dev.ingot.faults.DagNode.Form;
import java.util.List;

/**
 * Something done to one source of whatever DAG there is by then.
 *
 * @param at which source, counted round and round
 * @param gene what to take from where the edit needs more
 */
record DagEdit(Kind kind, int at, RandomDag.Gene gene) {

  enum Kind {
    /** Other text, the same SQL. */
    REMARK,
    CHANGE,
    /** Its table is dropped behind Ingot's back; the DAG stays as it is. */
    DROP,
    RENAME,
    RENAME_SOURCE,
    ADD,
    REMOVE,
    REWIRE,
    /** Persisted or not, from now on. */
    PERSIST,
    /** Moves it and what follows to a model of their own, or back. */
    FILE
  }

  /** The source that it is about. */
  DagNode node(RandomDag dag) {
    return dag.nodes().get(at % dag.nodes().size());
  }

  /** The DAG afterwards; the same where the edit has no meaning or its SQL would grow too long. */
  RandomDag apply(RandomDag dag) {
    DagNode node = node(dag);
    int fresh = dag.next();
    RandomDag edited =
        switch (kind) {
          case REMARK -> dag.change(node, n -> n.remarked(fresh));
          case CHANGE -> dag.change(node, n -> n.computing(gene.form(), fresh));
          case DROP -> dag;
          case RENAME -> dag.change(node, n -> n.named(gene.named() ? "mart.n" + fresh : null));
          case RENAME_SOURCE -> dag.change(node, n -> n.called("t" + fresh));
          case ADD -> dag.with(gene);
          case REMOVE -> dag.nodes().size() > 1 ? dag.without(node) : dag;
          case REWIRE -> dag.change(node, n -> n.reading(newInputs(dag, n)));
          case PERSIST -> dag.change(node, n -> n.persisted(!n.persisted()));
          case FILE -> dag.change(node, n -> n.inNewFile(!n.newFile()));
        };
    return edited.isTooLong() ? dag : edited;
  }

  private List<Integer> newInputs(RandomDag dag, DagNode node) {
    return dag.inputs(gene.picks(), dag.nodes().indexOf(node));
  }

  /** What may keep a run from succeeding. */
  enum Blemish {
    NONE,
    FAILING,
    BROKEN,
    SAME_NAME;

    RandomDag on(RandomDag dag, int at) {
      DagNode node = dag.nodes().get(at % dag.nodes().size());
      return switch (this) {
        case NONE -> dag;
        case FAILING -> dag.change(node, n -> n.computing(Form.FAILING, dag.next()));
        case BROKEN -> dag.change(node, n -> n.computing(Form.BROKEN, dag.next()));
        case SAME_NAME -> dag.change(node, n -> n.named(dag.nodes().getFirst().table()));
      };
    }
  }

  @Override
  public String toString() {
    return switch (kind) {
      case CHANGE -> "CHANGE %d to %s".formatted(at, gene.form());
      case ADD -> "ADD " + gene;
      case REWIRE -> "REWIRE %d to %s".formatted(at, gene.picks());
      default -> kind + " " + at;
    };
  }
}
