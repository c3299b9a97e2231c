package dev.ingot.manifest;

import dev.ingot.compile.Column;
import dev.ingot.compile.CompiledPackage;
import dev.ingot.compile.CompilerConnection;
import dev.ingot.compile.CompilerInput;
import dev.ingot.compile.MalloyCompiler;
import dev.ingot.compile.ModelReport;
import dev.ingot.engine.Engine;
import dev.ingot.engine.EngineColumn;
import dev.ingot.engine.Engines;
import dev.ingot.engine.TableName;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.fault.Problem;
import dev.ingot.project.PackageSnapshot;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One immutable content of a package, with its connections, and what compiling it gave. Columns are
 * asked for once and kept: planning and serving must see one and the same schema, because a BuildID
 * moves with it.
 */
public final class LoadedPackage implements CompilerInput {

  private final PackageSnapshot snapshot;
  private final boolean shared;
  private final String id;
  private final Engine duckdb;
  private final MalloyCompiler compiler;
  private final ConcurrentHashMap<List<String>, List<Column>> columns = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, ModelReport> models = new ConcurrentHashMap<>();
  private volatile @Nullable CompiledPackage compiled;

  /**
   * @param shared whether other servers build and read its tables too
   */
  LoadedPackage(PackageSnapshot snapshot, boolean shared, Engine duckdb, MalloyCompiler compiler) {
    this.snapshot = snapshot;
    this.shared = shared;
    this.id = contentId(snapshot);
    this.duckdb = duckdb;
    this.compiler = compiler;
  }

  /** Equal texts in another folder read other data. */
  static String contentId(PackageSnapshot snapshot) {
    return snapshot.key() + "@" + snapshot.folder() + "#" + snapshot.hash();
  }

  public PackageSnapshot snapshot() {
    return snapshot;
  }

  /**
   * What data this content's tables on its own database are built over. Where a package lies is
   * each server's own, so the servers of a shared project take their folders for the same.
   */
  public String origin() {
    return shared ? "shared" : snapshot.folder().toString();
  }

  /** Whether other servers build and read its tables too. */
  public boolean isShared() {
    return shared;
  }

  /** The targets of all models together; compiled on the first call. */
  public CompiledPackage compiled() {
    CompiledPackage known = compiled;
    if (known == null) {
      known = compiler.plan(this);
      compiled = known;
    }
    return known;
  }

  /**
   * True when something of it didn't compile. The cause may lie outside the texts, such as a file
   * that could not be read, so whoever loads the package again tries again.
   */
  boolean failed() {
    CompiledPackage known = compiled;
    return (known != null && known.problems().stream().anyMatch(Problem::isError))
        || models.values().stream().anyMatch(report -> !report.ok());
  }

  /**
   * @throws Fault MODEL_NOT_FOUND
   */
  public ModelReport model(String path) {
    requireModel(path);
    // Not computeIfAbsent: compiling takes long and asks back for columns.
    ModelReport known = models.get(path);
    if (known == null) {
      known = compiler.model(this, path);
      models.put(path, known);
    }
    return known;
  }

  /**
   * @throws Fault MODEL_NOT_FOUND
   */
  public void requireModel(String path) {
    if (!snapshot.models().containsKey(path)) {
      throw new Fault(
          FaultCode.MODEL_NOT_FOUND,
          "Package %s has no model '%s'; it has %s"
              .formatted(
                  snapshot.key(),
                  path,
                  String.join(
                      ", ", snapshot.models().sequencedKeySet().stream().limit(20).toList())));
    }
  }

  /**
   * @throws Fault CONNECTION_NOT_FOUND
   */
  public Engine engine(String connection) {
    if (!connection.equals(Engines.DUCKDB)) {
      throw new Fault(
          FaultCode.CONNECTION_NOT_FOUND,
          "There is no connection '%s'; this version has only '%s'"
              .formatted(connection, Engines.DUCKDB));
    }
    return duckdb;
  }

  /**
   * The ids of those whose tables are there.
   *
   * @throws Engine.EngineException when a database can't say
   */
  public Set<String> built(Collection<Generation> generations) {
    Map<String, List<Generation>> byConnection =
        generations.stream().collect(Collectors.groupingBy(Generation::connection));
    var built = new HashSet<String>();
    byConnection.forEach((connection, all) -> {
      var marks = new HashMap<TableName, String>();
      all.forEach(one -> marks.put(one.table(), one.mark()));
      Set<TableName> there = engine(connection).built(marks);
      all.stream().filter(one -> there.contains(one.table())).forEach(one -> built.add(one.id()));
    });
    return built;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public List<String> models() {
    return List.copyOf(snapshot.models().keySet());
  }

  @Override
  public List<CompilerConnection> connections() {
    String digest =
        "name=%s type=%s dialect=%s project=%s package=%s"
            .formatted(
                Engines.DUCKDB,
                "duckdb",
                "duckdb",
                snapshot.key().project(),
                snapshot.key().name());
    return List.of(new CompilerConnection(Engines.DUCKDB, "duckdb", digest));
  }

  @Override
  public String readModel(String path) {
    requireModel(path);
    return snapshot.models().getOrDefault(path, "");
  }

  @Override
  public List<Column> describeTable(String connection, String table) {
    return columns(
        List.of(connection, "table", table), () -> engine(connection).describeTable(table));
  }

  @Override
  public List<Column> describeSelect(String connection, String select) {
    return columns(
        List.of(connection, "select", select), () -> engine(connection).describeSelect(select));
  }

  private List<Column> columns(List<String> question, Supplier<List<EngineColumn>> ask) {
    List<Column> known = columns.get(question);
    if (known == null) {
      try {
        known = ask.get().stream().map(c -> new Column(c.name(), c.type())).toList();
      } catch (Engine.EngineException e) {
        throw e.toFault(FaultCode.QUERY_FAILED);
      } catch (Engine.ClosedException e) {
        throw new Fault(FaultCode.PACKAGE_BUSY, "The package was just moved; try again", e);
      }
      List<Column> first = columns.putIfAbsent(question, known);
      known = first == null ? known : first;
    }
    return known;
  }
}
