package dev.ingot.engine;

import java.sql.SQLException;

/** A driver failed while rows were read; for who ran the statement. */
public final class ReadFailed extends RuntimeException {

  private final SQLException failure;

  public ReadFailed(SQLException failure) {
    super(failure);
    this.failure = failure;
  }

  public SQLException failure() {
    return failure;
  }
}
