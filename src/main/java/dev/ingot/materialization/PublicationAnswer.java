package dev.ingot.materialization;

/** What came of the publication of a run. */
public sealed interface PublicationAnswer {

  /**
   * The run is SUCCESS.
   *
   * @param version its own where it published one, else the one that it began from
   */
  record Done(long version) implements PublicationAnswer {}

  /** Nothing is written: the run had ended, or its claim is over. */
  record TooLate() implements PublicationAnswer {}

  /**
   * Nothing is written: the run began from another version than the one that is current.
   *
   * @param current its number
   */
  record Superseded(long current) implements PublicationAnswer {}
}
