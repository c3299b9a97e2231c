package dev.ingot.engine;

import dev.ingot.engine.Engine.Owner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An engine that is set up for a test, and what a test does with it. */
public abstract class EngineUnderTest {

  protected static final TableName TABLE = new TableName("main", "orders__1");

  protected static final Owner OWNER = new Owner("mark", "ingot/demo/a run");

  /** The most builds at once of the engine that is set up. */
  protected static final int LIMIT = 2;

  @TempDir protected Path folder;
  protected Engine engine;

  /** For callers on whatever thread. */
  protected abstract Engine open() throws IOException;

  protected abstract void shut();

  /** Does something as somebody else who has the database. */
  protected abstract void execute(String sql);

  /** Makes a schema where the engine doesn't make it for its tables. */
  protected void needsSchema(String name) {}

  /** What stands after FROM for as many rows, with a column {@code i} that counts from 0. */
  protected abstract String numbers(int count);

  /** An expression that is a text and fails when it is computed. */
  protected abstract String failing();

  /** A SELECT that doesn't end; each name another. */
  protected abstract String endless(String name);

  /** Whether the database computes it. */
  protected abstract boolean hasBegun(String name);

  @BeforeEach
  protected void start() throws IOException {
    folder = folder.toRealPath();
    engine = open();
  }

  @AfterEach
  void close() {
    shut();
  }

  protected long build(TableName table, String select) {
    return engine.build(table, select, OWNER, new Cancellation());
  }

  /** The first value that a package's own SQL reads. */
  protected String read(String select) {
    return read(engine, select);
  }

  protected static String read(Engine from, String select) {
    return from.query(
        select,
        new Cancellation(),
        rows -> {
          rows.next();
          return Objects.toString(rows.value(0));
        });
  }
}
