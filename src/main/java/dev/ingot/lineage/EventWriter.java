package dev.ingot.lineage;

import dev.ingot.compile.ColumnLineage.Use;
import dev.ingot.engine.Dataset;
import dev.ingot.lineage.Event.Job;
import dev.ingot.lineage.Event.Output;
import dev.ingot.lineage.Event.Run;
import dev.ingot.lineage.Facet.ColumnLineage.Input;
import dev.ingot.lineage.Facet.ColumnLineage.Inputs;
import dev.ingot.lineage.Facet.ColumnLineage.Transformation;
import dev.ingot.materialization.TargetLineage;
import dev.ingot.materialization.TargetReport;
import dev.ingot.project.PackageKey;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes events of OpenLineage 1.54. A build of a package is a run of the job {@code
 * project.package}; each table that it builds is one of a job of its own, whose parent that is: so
 * it can be seen which table is made of what, and with which SQL.
 *
 * @param namespace of the jobs
 * @param version Ingot's
 */
record EventWriter(String namespace, String version) {

  private static final String INTEGRATION = "INGOT";

  private String producer() {
    return "urn:ingot:" + version;
  }

  private <T> Facet<T> facet(String type, String facetVersion, T fields) {
    return Facet.of(producer(), type, facetVersion, fields);
  }

  private static String jobName(PackageKey key) {
    return "%s.%s".formatted(key.project(), key.name());
  }

  Event ofRun(Event.Type type, Instant at, PackageKey key, String run, @Nullable String error) {
    return ofRun(type, at, key, run, error, List.of(), List.of());
  }

  /**
   * @param error why it failed; null where it didn't
   */
  Event ofRun(
      Event.Type type,
      Instant at,
      PackageKey key,
      String run,
      @Nullable String error,
      List<Dataset> inputs,
      List<Output> outputs) {
    Map<String, Facet<?>> facets = new LinkedHashMap<>();
    facets.put(
        "processing_engine",
        facet("ProcessingEngineRunFacet", "1-1-1", new Facet.ProcessingEngine(version, "Ingot")));
    addError(facets, error);
    Map<String, Facet<?>> ofJob = Map.of("jobType", jobType("MATERIALIZATION"));
    return new Event(
        type,
        at,
        new Run(run, facets),
        new Job(namespace, jobName(key), ofJob),
        inputs,
        outputs,
        producer());
  }

  /**
   * What one table's build comes to.
   *
   * @param of the run that builds it
   * @param error why it failed; null where it didn't
   */
  Event ofTarget(Event.Type type, Instant at, TargetRun of, @Nullable String error) {
    Map<String, Facet<?>> facets = new LinkedHashMap<>();
    facets.put(
        "parent",
        facet(
            "ParentRunFacet",
            "1-2-0",
            new Facet.ParentRun(
                new Facet.ParentRun.RunId(of.run()),
                new Facet.ParentRun.JobName(namespace, jobName(of.key())))));
    addError(facets, error);
    boolean built = type == Event.Type.COMPLETE;
    return new Event(
        type,
        at,
        new Run(of.id(), facets),
        new Job(namespace, jobName(of.key()) + "." + of.name(), ofJob(of)),
        built ? of.lineage().inputs() : List.of(),
        built ? List.of(output(of.report(), of.lineage())) : List.of(),
        producer());
  }

  private Map<String, Facet<?>> ofJob(TargetRun of) {
    Map<String, Facet<?>> facets = new LinkedHashMap<>();
    facets.put("jobType", jobType("TABLE"));
    String sql = of.report().progress().sql();
    if (sql != null && !of.lineage().gated()) {
      facets.put("sql", facet("SQLJobFacet", "1-1-0", new Facet.Sql(sql)));
    }
    return facets;
  }

  private Facet<?> jobType(String type) {
    return facet("JobTypeJobFacet", "2-0-4", new Facet.JobType("BATCH", INTEGRATION, type));
  }

  private void addError(Map<String, Facet<?>> facets, @Nullable String error) {
    if (error != null) {
      facets.put(
          "errorMessage",
          facet("ErrorMessageRunFacet", "1-0-1", new Facet.ErrorMessage(error, "Malloy")));
    }
  }

  /** A table that was built. */
  Output output(TargetReport report, TargetLineage lineage) {
    Map<String, Facet<?>> facets = new LinkedHashMap<>();
    String physical = report.progress().physicalTable();
    if (physical != null) {
      facets.put(
          "version",
          facet("DatasetVersionDatasetFacet", "1-0-1", new Facet.DatasetVersion(physical)));
    }
    if (!lineage.columns().isEmpty()) {
      List<Facet.Schema.Field> fields =
          lineage.columns().stream()
              .map(column -> new Facet.Schema.Field(column.name(), column.type()))
              .toList();
      facets.put("schema", facet("SchemaDatasetFacet", "1-2-0", new Facet.Schema(fields)));
    }
    Map<String, Inputs> known = columns(lineage);
    if (!known.isEmpty()) {
      facets.put(
          "columnLineage",
          facet("ColumnLineageDatasetFacet", "1-2-0", new Facet.ColumnLineage(known)));
    }
    Long rows = report.progress().rows();
    Map<String, Facet<?>> ofOutput =
        rows == null
            ? Map.of()
            : Map.of(
                "outputStatistics",
                facet(
                    "OutputStatisticsOutputDatasetFacet",
                    "1-0-2",
                    new Facet.OutputStatistics(rows)));
    return new Output(lineage.table().namespace(), lineage.table().name(), facets, ofOutput);
  }

  private static Map<String, Inputs> columns(TargetLineage lineage) {
    var columns = new LinkedHashMap<String, Inputs>();
    for (TargetLineage.Column column : lineage.columns()) {
      if (!column.inputs().isEmpty()) {
        columns.put(column.name(), new Inputs(inputs(column)));
      }
    }
    return columns;
  }

  private record Source(Dataset dataset, String field) {}

  /** Each column once, with all that is done with it. */
  private static List<Input> inputs(TargetLineage.Column column) {
    Map<Source, List<Transformation>> uses =
        column.inputs().stream()
            .collect(
                Collectors.groupingBy(
                    input -> new Source(input.dataset(), input.field()),
                    LinkedHashMap::new,
                    Collectors.mapping(input -> transformation(input.use()), Collectors.toList())));
    return uses.entrySet().stream()
        .map(one ->
            new Input(
                one.getKey().dataset().namespace(),
                one.getKey().dataset().name(),
                one.getKey().field(),
                one.getValue()))
        .toList();
  }

  private static Transformation transformation(Use use) {
    return switch (use) {
      case IDENTITY, TRANSFORMATION, AGGREGATION -> new Transformation("DIRECT", use.name());
      case CONDITION -> new Transformation("INDIRECT", "CONDITIONAL");
    };
  }
}
