package dev.ingot.query;

import dev.ingot.engine.Rows;

/** Makes a result from the rows of a compiled query. */
interface ResultReader {

  /**
   * @return the whole of it; empty where it was given away as it came
   */
  String read(Prepared prepared, Rows rows);

  /** What the result's bytes depend on beside the rows and their columns. */
  String form(Prepared prepared);

  /** Whether the whole of it is there in the end, to be given again. */
  boolean isWhole();

  /** Whether a client has the beginning of it, so that it can't be made once more. */
  boolean isGiven();
}
