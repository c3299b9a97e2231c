package dev.ingot.plan;

/** Why a target is built or isn't. */
public enum Reason {
  /** Its name was not in the current version. */
  NEW,
  /** Its name was there with other SQL. */
  SQL_CHANGED,
  /** A refresh of everything was asked for. */
  FORCED,
  /** Its table is gone from the database. */
  TABLE_MISSING,
  /** The data that it was built from is otherwise now. */
  DATA_CHANGED,
  /** Something that it reads is built anew. */
  UPSTREAM,
  /** Only its name changed: the view moves and nothing is built. */
  RENAMED,
  /** The package's folder moved, so its data may be other data. */
  MOVED,
  /** Nothing changed. */
  UNCHANGED,
  /** It is not among the selected sources. */
  NOT_SELECTED,
  /** Only a model that doesn't compile declares it, as far as is known from the version before. */
  UNPLANNED
}
