package dev.ingot.state;

/**
 * How long a claim holds: for good where there is one server, until it expires where there are
 * several. Times are SQL, because the database's clock counts.
 *
 * @param holder this process
 * @param expiry when a claim that is made or renewed now expires
 * @param now the time that expiries are compared with
 * @param safe until when a claim must hold for a commit that comes next: a transaction whose client
 *     stands still is ended by the database before that
 */
public record Tenure(String holder, String expiry, String now, String safe) {

  private static final String LONG_AGO = "TIMESTAMP '1970-01-01'";

  /** Of a server that is alone. */
  public static final Tenure FOR_GOOD =
      new Tenure("", "CAST(NULL AS timestamp)", LONG_AGO, LONG_AGO);
}
