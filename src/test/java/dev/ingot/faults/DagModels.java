package dev.ingot.faults;

import dev.ingot.testing.PackageFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A {@link RandomDag} as models that import each other. Each source has columns k and v. */
final class DagModels {

  private static final int KEYS = 12;
  private static final int FACTS = 36;

  private final RandomDag dag;
  private final Map<Integer, String> models = new HashMap<>();
  private final Map<String, List<DagNode>> contents = new LinkedHashMap<>();

  DagModels(RandomDag dag) {
    this.dag = dag;
    String model = "";
    for (DagNode node : dag.nodes()) {
      if (model.isEmpty() || node.newFile()) {
        model = "m%d.malloy".formatted(contents.size());
      }
      models.put(node.uid(), model);
      contents.computeIfAbsent(model, m -> new ArrayList<>()).add(node);
    }
  }

  /** The model that a source is declared in. */
  String of(DagNode node) {
    return models.getOrDefault(node.uid(), "");
  }

  /** Each model's text by its path. */
  Map<String, String> texts() {
    var texts = new LinkedHashMap<String, String>();
    contents.forEach((model, nodes) -> texts.put(model, text(model, nodes)));
    return texts;
  }

  /** Of each key the same number of rows. */
  static String facts() {
    return IntStream.range(0, FACTS)
        .mapToObj(i -> "%d,%d\n".formatted(i % KEYS, i * i))
        .collect(Collectors.joining("", "k,v\n", ""));
  }

  private String text(String model, List<DagNode> nodes) {
    var imports = new LinkedHashMap<String, TreeSet<String>>();
    for (DagNode node : nodes) {
      for (int uid : node.inputs()) {
        DagNode input = dag.node(uid);
        if (!of(input).equals(model)) {
          imports.computeIfAbsent(of(input), m -> new TreeSet<>()).add(input.source());
        }
      }
    }
    var text = new StringBuilder(PackageFiles.PERSISTENCE);
    imports.forEach((from, names) ->
        text.append("import { %s } from '%s'\n".formatted(String.join(", ", names), from)));
    text.append("source: facts is duckdb.table('data/facts.csv')\n");
    nodes.forEach(node -> text.append(declaration(node)));
    return text.toString();
  }

  private String declaration(DagNode node) {
    String remark = node.remark() == 0 ? "" : "-- remark %d\n".formatted(node.remark());
    String name = node.name() == null ? "" : " name=\"%s\"".formatted(node.name());
    String persist = node.persisted() ? "#@ persist%s\n".formatted(name) : "";
    return "%s%ssource: %s is %s\n".formatted(remark, persist, node.source(), query(node));
  }

  private String query(DagNode node) {
    List<String> inputs = node.inputs().stream().map(uid -> dag.node(uid).source()).toList();
    return inputs.isEmpty() ? overFacts(node) : over(inputs, node);
  }

  private static String overFacts(DagNode node) {
    int constant = node.constant();
    return switch (node.form()) {
      case SELECTED, GROUPED, EXTENDED ->
          "facts -> { group_by: k; aggregate: v is v.sum() + %d }".formatted(constant);
      case FILTERED ->
          "facts -> { where: k != %d; group_by: k; aggregate: v is v.sum() + %d }"
              .formatted(constant % KEYS, constant);
      case SQL, SQL_OF_QUERIES ->
          "duckdb.sql(\"\"\"SELECT k, sum(v) + %d AS v FROM 'data/facts.csv' GROUP BY k\"\"\")"
              .formatted(constant);
      case FAILING -> failing("facts", constant);
      case BROKEN -> broken("facts");
    };
  }

  private static String over(List<String> inputs, DagNode node) {
    int constant = node.constant();
    String first = inputs.getFirst();
    String joins =
        IntStream.range(1, inputs.size())
            .mapToObj(i -> "join_one: j%1$d is %2$s on k = j%1$d.k; ".formatted(i, inputs.get(i)))
            .collect(Collectors.joining());
    String joined = joins.isEmpty() ? first : "%s extend { %s}".formatted(first, joins);
    String sum = sum(inputs, "v", "j%d.v", constant);
    return switch (node.form()) {
      case SELECTED -> "%s -> { select: k, v is %s }".formatted(joined, sum);
      case GROUPED ->
          "%s -> { select: k, v is %s } -> { group_by: k; aggregate: v is v.sum() }"
              .formatted(joined, sum);
      case FILTERED ->
          "%s -> { where: k != %d; select: k, v is %s }".formatted(joined, constant % KEYS, sum);
      case EXTENDED ->
          "%s extend { %sdimension: w is %s } -> { select: k, v is w }"
              .formatted(first, joins, sum);
      case SQL -> sql(inputs, constant, "%%{ %s }");
      case SQL_OF_QUERIES -> sql(inputs, constant, "(%%{ %s -> { select: * } })");
      case FAILING -> failing(first, constant);
      case BROKEN -> broken(first);
    };
  }

  private static String sum(List<String> inputs, String first, String other, int constant) {
    return IntStream.range(1, inputs.size())
        .mapToObj(other::formatted)
        .collect(
            Collectors.joining(" + ", first + " + ", (inputs.size() > 1 ? " + " : "") + constant));
  }

  private static String sql(List<String> inputs, int constant, String interpolation) {
    var from = new StringBuilder();
    for (int i = 0; i < inputs.size(); i++) {
      from.append(i == 0 ? "" : " LEFT JOIN ");
      from.append(interpolation.formatted(inputs.get(i))).append(" j").append(i);
      from.append(i == 0 ? "" : " ON j0.k = j%d.k".formatted(i));
    }
    return "duckdb.sql(\"\"\"SELECT j0.k, %s AS v FROM %s\"\"\")"
        .formatted(sum(inputs, "j0.v", "j%d.v", constant), from);
  }

  private static String failing(String input, int constant) {
    return "%s -> { group_by: k; aggregate: v is max(concat('no', k::string)::number) + %d }"
        .formatted(input, constant);
  }

  private static String broken(String input) {
    return input + " -> { group_by: k, no_such_field }";
  }
}
