package dev.ingot.manifest;

import dev.ingot.compile.Column;
import dev.ingot.compile.CompileProgress;
import dev.ingot.compile.CompiledPackage;
import dev.ingot.compile.CompilerConnection;
import dev.ingot.compile.CompilerInput;
import dev.ingot.compile.MalloyCompiler;
import dev.ingot.compile.ModelReport;
import dev.ingot.engine.Cancellation;
import dev.ingot.engine.Engine;
import dev.ingot.engine.EngineColumn;
import dev.ingot.engine.EngineConnection;
import dev.ingot.engine.Engines;
import dev.ingot.engine.TableName;
import dev.ingot.fault.Fault;
import dev.ingot.fault.FaultCode;
import dev.ingot.fault.Problem;
import dev.ingot.project.PackageSnapshot;
import dev.ingot.project.Sha256;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * One immutable content of a package, with its connections, and what compiling it gave. Columns are
 * asked for once and kept: planning and serving must see one and the same schema, because a BuildID
 * moves with it.
 */
public final class LoadedPackage implements CompilerInput {

  private static final AtomicLong LOADED = new AtomicLong();

  private final long serial = LOADED.incrementAndGet();
  private final PackageSnapshot snapshot;
  private final String id;
  private final Map<String, Opened> connections = new LinkedHashMap<>();
  private final MalloyCompiler compiler;
  private final ConcurrentHashMap<List<String>, List<Column>> columns = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, ModelReport> models = new ConcurrentHashMap<>();
  private final CompileOnce compilation;
  private final Set<Consumer<CompileProgress>> listeners = ConcurrentHashMap.newKeySet();

  private record Opened(EngineConnection is, Engine engine) {}

  LoadedPackage(PackageSnapshot snapshot, Engines engines, MalloyCompiler compiler) {
    List<EngineConnection> all = engines.connections(snapshot);
    this.snapshot = snapshot;
    this.id = contentId(snapshot, all);
    this.compiler = compiler;
    compilation =
        new CompileOnce(() -> compiler.plan(this).on(name -> opened(name).is().tablesOn()));
    for (EngineConnection is : all) {
      connections.put(is.name(), new Opened(is, engines.of(snapshot, is.name())));
    }
  }

  /** Equal texts in another folder, or over other databases, read other data. */
  static String contentId(PackageSnapshot snapshot, List<EngineConnection> connections) {
    var databases = new Sha256();
    connections.forEach(one -> databases.add(one.name(), one.digest(), one.version()));
    return "%s@%s#%s+%s"
        .formatted(snapshot.key(), snapshot.folder(), snapshot.hash(), databases.hex());
  }

  /** Its number among all that this server has loaded: two of equal content have two. */
  public long serial() {
    return serial;
  }

  public PackageSnapshot snapshot() {
    return snapshot;
  }

  /**
   * What data this content's tables on a connection are built over.
   *
   * @throws Fault CONNECTION_NOT_FOUND
   */
  public String origin(String connection) {
    return opened(connection).is().origin();
  }

  /**
   * Whether a generation was built over the data that its connection has here: not before the
   * package was moved, nor on a connection that is no more.
   */
  public boolean isOver(Generation generation) {
    Opened opened = connections.get(generation.connection());
    return opened != null && opened.is().origin().equals(generation.origin());
  }

  /** Whether other servers build and read tables of it too. */
  public boolean isShared() {
    return connections.values().stream().anyMatch(one -> one.is().shared());
  }

  /**
   * The most tables that are built at once on a connection.
   *
   * @throws Fault CONNECTION_NOT_FOUND
   */
  public int limit(String connection) {
    return opened(connection).is().limit();
  }

  /** Compiles the models, for whoever asks something of them next. */
  public void compile() {
    compiler.compile(this);
  }

  /** The targets of all models together; compiled on the first call. */
  public CompiledPackage compiled() {
    return compiled(new Cancellation());
  }

  /**
   * The same for who may not wait to the end.
   *
   * @throws Cancellation.CancelledException when it was cancelled
   */
  public CompiledPackage compiled(Cancellation cancellation) {
    return compilation.get(cancellation);
  }

  /**
   * The same.
   *
   * @param listener is told how far it is; it must not wait for anything
   */
  public CompiledPackage compiled(Cancellation cancellation, Consumer<CompileProgress> listener) {
    listeners.add(listener);
    try {
      return compiled(cancellation);
    } finally {
      listeners.remove(listener);
    }
  }

  @Override
  public void progressed(CompileProgress progress) {
    listeners.forEach(listener -> listener.accept(progress));
  }

  /**
   * True when something of it didn't compile. The cause may lie outside the texts, such as a file
   * that could not be read, so whoever loads the package again tries again.
   */
  boolean failed() {
    CompiledPackage known = compilation.known();
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
      throw unknownModel(path);
    }
  }

  /**
   * The same for queries, to which models may be closed.
   *
   * @throws Fault MODEL_NOT_FOUND
   */
  public void requireQueryable(String path) {
    requireModel(path);
    if (queryable().isPresent() && !snapshot.listed().contains(path)) {
      throw unknownModel(path);
    }
  }

  private Fault unknownModel(String path) {
    List<String> known = snapshot.listed().stream().limit(20).toList();
    return new Fault(
        FaultCode.MODEL_NOT_FOUND,
        "Package %s has no model '%s'; it has %s"
            .formatted(snapshot.key(), path, known.isEmpty() ? "none" : String.join(", ", known)));
  }

  /**
   * @throws Fault CONNECTION_NOT_FOUND
   */
  public Engine engine(String connection) {
    return opened(connection).engine();
  }

  /**
   * A declared name as models say it, with a schema only where it isn't the connection's own; with
   * all of it when the connection is no more.
   */
  public String said(String connection, TableName declared) {
    Opened opened = connections.get(connection);
    return opened == null ? declared.toString() : opened.engine().said(declared);
  }

  private Opened opened(String connection) {
    Opened opened = connections.get(connection);
    if (opened == null) {
      throw Engines.unknown(connection, connections.keySet());
    }
    return opened;
  }

  /**
   * The ids of those whose tables are there.
   *
   * @throws Engine.EngineException when a database can't say
   */
  public Set<String> built(Collection<Generation> generations) {
    var built = new HashSet<String>();
    byConnection(generations)
        .forEach((connection, all) -> {
          Set<TableName> there = engine(connection).built(marks(all));
          all.stream()
              .filter(one -> there.contains(one.table()))
              .forEach(one -> built.add(one.id()));
        });
    return built;
  }

  /**
   * Whether it is noticed that data changes which a SELECT on a connection reads.
   *
   * @throws Fault CONNECTION_NOT_FOUND
   */
  public boolean tellsData(String connection, String select) {
    return engine(connection).tellsData(select);
  }

  /**
   * What of the data that a generation was built from is otherwise now, in plain words; empty when
   * it is as it was.
   *
   * @param name of {@link Generation#data}
   * @throws Fault CONNECTION_NOT_FOUND
   */
  public Optional<String> dataChange(String connection, String name, String recorded) {
    return engine(connection).dataChange(name, recorded);
  }

  /**
   * Makes those of their tables that are there readable on this server; see {@link Engine#attach}.
   *
   * @throws Engine.EngineException when a database refuses
   */
  public void attach(Collection<Generation> generations) {
    byConnection(generations).forEach((connection, all) -> engine(connection).attach(marks(all)));
  }

  private static Map<String, List<Generation>> byConnection(Collection<Generation> generations) {
    return generations.stream().collect(Collectors.groupingBy(Generation::connection));
  }

  private static Map<TableName, String> marks(List<Generation> generations) {
    var marks = new HashMap<TableName, String>();
    generations.forEach(one -> marks.put(one.table(), one.mark()));
    return marks;
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
  public Optional<List<String>> queryable() {
    return snapshot.queryable();
  }

  @Override
  public List<CompilerConnection> connections() {
    return connections.values().stream()
        .map(Opened::is)
        .map(is -> new CompilerConnection(is.name(), is.dialect(), is.digest()))
        .toList();
  }

  @Override
  public String readModel(String path) {
    requireModel(path);
    String why = snapshot.unreadable().get(path);
    if (why != null) {
      throw new Fault(FaultCode.MODEL_INVALID, why);
    }
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
