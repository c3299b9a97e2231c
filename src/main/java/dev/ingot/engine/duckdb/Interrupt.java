package dev.ingot.engine.duckdb;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import org.duckdb.DuckDBConnection;

/**
 * Ends what a connection runs, also while its rows are fetched. The driver's {@code
 * Statement.cancel()} does nothing then, though a fetch may compute for hours before it has a row;
 * so the driver's own native function is called past it.
 */
final class Interrupt {

  private static final MethodHandle REFERENCE;
  private static final MethodHandle INTERRUPT;

  static {
    try {
      MethodHandles.Lookup lookup =
          MethodHandles.privateLookupIn(DuckDBConnection.class, MethodHandles.lookup());
      REFERENCE = lookup.findGetter(DuckDBConnection.class, "connRef", ByteBuffer.class);
      INTERRUPT =
          lookup.findStatic(
              lookup.findClass("org.duckdb.DuckDBNative"),
              "duckdb_jdbc_interrupt",
              MethodType.methodType(void.class, ByteBuffer.class));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("this version of DuckDB's driver can't be interrupted", e);
    }
  }

  private Interrupt() {}

  /** The connection must stay open meanwhile: the native side checks nothing. */
  static void interrupt(Connection connection) throws SQLException {
    DuckDBConnection duckdb = connection.unwrap(DuckDBConnection.class);
    try {
      ByteBuffer reference = (ByteBuffer) REFERENCE.invokeExact(duckdb);
      if (reference != null) {
        INTERRUPT.invokeExact(reference);
      }
    } catch (Throwable e) {
      throw new SQLException("the connection can't be interrupted", e);
    }
  }
}
