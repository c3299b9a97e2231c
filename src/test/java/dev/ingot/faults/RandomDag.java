package dev.ingot.faults;

import dev.ingot.faults.DagNode.Form;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The sources of a package, each after all that it reads.
 *
 * @param next a number that none of them has used
 */
record RandomDag(List<DagNode> nodes, int next) {

  static final RandomDag EMPTY = new RandomDag(List.of(), 0);

  /** The inlined SQL of a source repeats each of its inputs, so it grows with the paths to it. */
  private static final int MOST_PATHS = 40;

  /**
   * What a source is made of, wherever in a package it stands.
   *
   * @param picks for each input: how far back it stands, from 0; or from the front, -1 being the
   *     first
   */
  record Gene(List<Integer> picks, Form form, boolean persisted, boolean named, boolean newFile) {}

  RandomDag {
    nodes = List.copyOf(nodes);
  }

  static RandomDag of(List<Gene> genes) {
    RandomDag dag = EMPTY;
    for (Gene gene : genes) {
      dag = dag.with(gene);
    }
    return dag;
  }

  /** One more at the end. */
  RandomDag with(Gene gene) {
    var node =
        new DagNode(
            next,
            "t" + next,
            gene.named() ? "mart.n" + next : null,
            gene.persisted(),
            inputs(gene.picks(), nodes.size()),
            gene.form(),
            next,
            gene.newFile(),
            0);
    var more = new ArrayList<>(nodes);
    more.add(node);
    return new RandomDag(more, next + 1);
  }

  /** The first of these, for a source at this place, that don't make its SQL too long. */
  List<Integer> inputs(List<Integer> picks, int place) {
    Map<Integer, Integer> paths = paths();
    var inputs = new ArrayList<Integer>();
    int sum = 1;
    for (int pick : picks) {
      if (place > 0) {
        int at = pick < 0 ? (-pick - 1) % place : place - 1 - pick % place;
        int uid = nodes.get(at).uid();
        sum += paths.getOrDefault(uid, 1);
        if (sum <= MOST_PATHS && !inputs.contains(uid)) {
          inputs.add(uid);
        }
      }
    }
    return inputs;
  }

  private Map<Integer, Integer> paths() {
    var paths = new HashMap<Integer, Integer>();
    for (DagNode node : nodes) {
      int sum = 1;
      for (int input : node.inputs()) {
        sum += paths.getOrDefault(input, 1);
      }
      paths.put(node.uid(), sum);
    }
    return paths;
  }

  boolean isTooLong() {
    return paths().values().stream().anyMatch(n -> n > MOST_PATHS);
  }

  RandomDag change(DagNode which, UnaryOperator<DagNode> how) {
    return new RandomDag(
        nodes.stream().map(node -> node.uid() == which.uid() ? how.apply(node) : node).toList(),
        next + 1);
  }

  /** Without it; what read it reads one thing less. */
  RandomDag without(DagNode gone) {
    return new RandomDag(
        nodes.stream()
            .filter(node -> node.uid() != gone.uid())
            .map(node -> node.reading(node.inputs().stream().filter(i -> i != gone.uid()).toList()))
            .toList(),
        next);
  }

  DagNode node(int uid) {
    return nodes.stream().filter(node -> node.uid() == uid).findFirst().orElseThrow();
  }

  List<DagNode> targets() {
    return nodes.stream().filter(DagNode::persisted).toList();
  }

  /** The nearest persisted ones below it, through those that aren't: uids. */
  Set<Integer> reads(DagNode node) {
    var reads = new TreeSet<Integer>();
    for (int uid : node.inputs()) {
      DagNode input = node(uid);
      reads.addAll(input.persisted() ? Set.of(uid) : reads(input));
    }
    return reads;
  }

  /** Equal when the rows are equal by what the models say: names and files are no part of it. */
  String definition(DagNode node) {
    return node.inputs().stream()
        .map(input -> definition(node(input)))
        .collect(Collectors.joining(",", node.form() + "(", ")+" + node.constant()));
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    for (DagNode node : nodes) {
      text.append("\n  ");
      text.append(node.newFile() ? "--- " : "    ").append('#').append(node.uid());
      text.append(' ').append(node);
    }
    return text.toString();
  }
}
