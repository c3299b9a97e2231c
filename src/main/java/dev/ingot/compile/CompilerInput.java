package dev.ingot.compile;

import dev.ingot.fault.Fault;
import java.util.List;
import java.util.Optional;

/** One immutable package content, as the compiler sees it. Equal ids mean equal content. */
public interface CompilerInput {

  String id();

  /** Paths of the models, relative to the package, with forward slashes. */
  List<String> models();

  /** The models whose exports alone may be queried; empty where everything may. */
  Optional<List<String>> queryable();

  List<CompilerConnection> connections();

  /**
   * @throws Fault MODEL_NOT_FOUND
   */
  String readModel(String path);

  /**
   * @param table the table path as Malloy writes it into SQL
   * @throws Fault with what the database says
   */
  List<Column> describeTable(String connection, String table);

  /**
   * @throws Fault with what the database says
   */
  List<Column> describeSelect(String connection, String select);

  /** Told now and then while all of it is compiled or planned. Must not wait for anything. */
  void progressed(CompileProgress progress);
}
