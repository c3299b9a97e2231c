package dev.ingot.state;

import java.util.List;
import java.util.stream.Stream;

/**
 * The tables of the state and their version. Plain SQL that DuckDB and PostgreSQL both take: no
 * partial indexes, documents as text, times as UTC.
 */
public final class StateSchema {

  private static final String VERSION_ENTRIES =
      """
      CREATE TABLE IF NOT EXISTS version_entries (
        project varchar, package varchar, version bigint, place integer,
        generation varchar NOT NULL, declared_schema varchar NOT NULL,
        declared_name varchar NOT NULL, source_names varchar NOT NULL,
        PRIMARY KEY (project, package, version, place))
      """;

  private static final String VIEWS =
      """
      CREATE TABLE IF NOT EXISTS views (
        project varchar, package varchar, connection varchar, view_schema varchar,
        view_name varchar,
        PRIMARY KEY (project, package, connection, view_schema, view_name))
      """;

  /**
   * What brings the version before to the next one.
   *
   * @param control of runs, generations and versions, which shared projects have in their catalog
   * @param local of what is this server's own
   */
  private record Step(List<String> control, List<String> local) {}

  private static final Step FIRST =
      new Step(
          List.of(
              """
              CREATE TABLE IF NOT EXISTS runs (
                id varchar PRIMARY KEY, project varchar NOT NULL, package varchar NOT NULL,
                status varchar NOT NULL, force_refresh boolean NOT NULL,
                auto_load boolean NOT NULL, created_at timestamp NOT NULL,
                updated_at timestamp NOT NULL, started_at timestamp, completed_at timestamp,
                error varchar, problems varchar NOT NULL)
              """,
              """
              CREATE TABLE IF NOT EXISTS run_targets (
                run varchar, build_id varchar, place integer NOT NULL, report varchar NOT NULL,
                PRIMARY KEY (run, build_id))
              """,
              """
              CREATE TABLE IF NOT EXISTS running (
                project varchar, package varchar, run varchar NOT NULL,
                PRIMARY KEY (project, package))
              """,
              """
              CREATE TABLE IF NOT EXISTS generations (
                id varchar PRIMARY KEY, project varchar NOT NULL, package varchar NOT NULL,
                build_id varchar NOT NULL, connection varchar NOT NULL,
                declared_schema varchar NOT NULL, declared_name varchar NOT NULL,
                table_schema varchar NOT NULL, table_name varchar NOT NULL, run varchar NOT NULL,
                inputs varchar NOT NULL, origin varchar NOT NULL, built_at timestamp,
                row_count bigint NOT NULL)
              """,
              """
              CREATE TABLE IF NOT EXISTS versions (
                project varchar, package varchar, version bigint, run varchar NOT NULL,
                published_at timestamp NOT NULL, PRIMARY KEY (project, package, version))
              """,
              """
              CREATE TABLE IF NOT EXISTS current_versions (
                project varchar, package varchar, version bigint NOT NULL,
                PRIMARY KEY (project, package))
              """),
          List.of(
              """
              CREATE TABLE IF NOT EXISTS projects (
                name varchar PRIMARY KEY, created_at timestamp NOT NULL)
              """,
              """
              CREATE TABLE IF NOT EXISTS packages (
                project varchar, name varchar, location varchar NOT NULL, folder varchar NOT NULL,
                description varchar, created_at timestamp NOT NULL, PRIMARY KEY (project, name))
              """,
              VERSION_ENTRIES,
              VIEWS));

  /** What the janitor, selections, strict packages and rollbacks have to know. */
  private static final Step SECOND =
      new Step(
          List.of(
              "ALTER TABLE runs ADD COLUMN IF NOT EXISTS fail_fast boolean DEFAULT false",
              "ALTER TABLE runs ADD COLUMN IF NOT EXISTS sources varchar DEFAULT '[]'",
              "ALTER TABLE runs ADD COLUMN IF NOT EXISTS dropped varchar DEFAULT '[]'",
              "ALTER TABLE runs ADD COLUMN IF NOT EXISTS drop_errors varchar DEFAULT '[]'",
              "ALTER TABLE generations ADD COLUMN IF NOT EXISTS definition varchar DEFAULT ''",
              "ALTER TABLE generations ADD COLUMN IF NOT EXISTS superseded_at timestamp",
              "ALTER TABLE versions ADD COLUMN IF NOT EXISTS cause varchar DEFAULT 'RUN'",
              "ALTER TABLE versions ADD COLUMN IF NOT EXISTS restores bigint"),
          List.of("ALTER TABLE packages ADD COLUMN IF NOT EXISTS strict boolean DEFAULT false"));

  /** The storage of shared projects, encrypted. */
  private static final Step THIRD =
      new Step(List.of(), List.of("ALTER TABLE projects ADD COLUMN IF NOT EXISTS storage varchar"));

  /**
   * A version's entries lie under an id of their own, so that they can be written before it is
   * published; and a claim says whose it is.
   */
  private static final Step FOURTH =
      new Step(
          List.of(
              "ALTER TABLE running ADD COLUMN IF NOT EXISTS holder varchar DEFAULT ''",
              "ALTER TABLE running ADD COLUMN IF NOT EXISTS expires_at timestamp",
              "ALTER TABLE generations ADD COLUMN IF NOT EXISTS condemned boolean DEFAULT false",
              "ALTER TABLE versions ADD COLUMN IF NOT EXISTS follow boolean DEFAULT true",
              "ALTER TABLE versions ADD COLUMN IF NOT EXISTS content varchar DEFAULT ''",
              "UPDATE versions SET content = 'version ' || version WHERE content = ''"),
          List.of(
              """
              CREATE TABLE IF NOT EXISTS entries (
                project varchar, package varchar, content varchar, place integer,
                generation varchar NOT NULL, declared_schema varchar NOT NULL,
                declared_name varchar NOT NULL, source_names varchar NOT NULL,
                PRIMARY KEY (project, package, content, place))
              """,
              // Again, for one that was stopped between the next two.
              VERSION_ENTRIES,
              """
              INSERT INTO entries
              SELECT project, package, 'version ' || version, place, generation, declared_schema,
                declared_name, source_names
              FROM version_entries ON CONFLICT DO NOTHING
              """,
              "DROP TABLE version_entries"));

  /** Runs that publish what they could build. */
  private static final Step FIFTH =
      new Step(
          List.of("ALTER TABLE runs ADD COLUMN IF NOT EXISTS on_error varchar DEFAULT 'FAIL'"),
          List.of());

  /** How far a plan is. */
  private static final Step SIXTH =
      new Step(List.of("ALTER TABLE runs ADD COLUMN IF NOT EXISTS planning varchar"), List.of());

  /**
   * The projects' connections, with their settings encrypted. Views on those are all servers', so
   * shared projects have them in their catalog, too. And what tables were built from.
   */
  private static final Step SEVENTH =
      new Step(
          List.of(
              VIEWS,
              "ALTER TABLE generations ADD COLUMN IF NOT EXISTS data varchar",
              "ALTER TABLE runs ADD COLUMN IF NOT EXISTS freshness varchar DEFAULT 'CHECK'"),
          List.of(
              """
              CREATE TABLE IF NOT EXISTS connections (
                project varchar, name varchar, settings varchar NOT NULL,
                created_at timestamp NOT NULL, PRIMARY KEY (project, name))
              """));

  /** Connections of several types. */
  private static final Step EIGHTH =
      new Step(
          List.of(),
          List.of(
              "ALTER TABLE connections ADD COLUMN IF NOT EXISTS type varchar DEFAULT 'postgres'"));

  /** Who may ask. */
  private static final Step NINTH =
      new Step(
          List.of(),
          List.of(
              """
              CREATE TABLE IF NOT EXISTS api_keys (
                id varchar PRIMARY KEY, name varchar NOT NULL UNIQUE, hash varchar NOT NULL,
                grants varchar NOT NULL, claims varchar NOT NULL, expires_at timestamp,
                created_at timestamp NOT NULL, created_by varchar NOT NULL)
              """));

  /** Which state of a registration a client has seen. */
  private static final Step TENTH =
      new Step(
          List.of(),
          List.of(
              "ALTER TABLE projects ADD COLUMN IF NOT EXISTS revision varchar DEFAULT ''",
              "ALTER TABLE packages ADD COLUMN IF NOT EXISTS revision varchar DEFAULT ''",
              "ALTER TABLE connections ADD COLUMN IF NOT EXISTS revision varchar DEFAULT ''",
              "UPDATE projects SET revision = CAST(uuid() AS varchar) WHERE revision = ''",
              "UPDATE packages SET revision = CAST(uuid() AS varchar) WHERE revision = ''",
              "UPDATE connections SET revision = CAST(uuid() AS varchar) WHERE revision = ''"));

  /** Requests that may be sent again. */
  private static final Step ELEVENTH =
      new Step(
          List.of(),
          List.of(
              """
              CREATE TABLE IF NOT EXISTS idempotency (
                scope varchar PRIMARY KEY, operation varchar NOT NULL, fingerprint varchar NOT NULL,
                answer varchar, created_at timestamp NOT NULL)
              """));

  /** The givens that projects bind to claims. */
  private static final Step TWELFTH =
      new Step(List.of(), List.of("ALTER TABLE projects ADD COLUMN IF NOT EXISTS givens varchar"));

  /** Who is told of builds, and what is still to be told. */
  private static final Step THIRTEENTH =
      new Step(
          List.of(
              """
              CREATE TABLE IF NOT EXISTS outbox (
                id varchar PRIMARY KEY, project varchar NOT NULL, webhook varchar NOT NULL,
                body varchar NOT NULL, created_at timestamp NOT NULL, attempts integer NOT NULL,
                next_at timestamp NOT NULL, error varchar)
              """),
          List.of("ALTER TABLE projects ADD COLUMN IF NOT EXISTS webhooks varchar"));

  /** Each brings the version before it to its own; the number of a version is its place, from 1. */
  private static final List<Step> VERSIONS =
      List.of(
          FIRST,
          SECOND,
          THIRD,
          FOURTH,
          FIFTH,
          SIXTH,
          SEVENTH,
          EIGHTH,
          NINTH,
          TENTH,
          ELEVENTH,
          TWELFTH,
          THIRTEENTH);

  private StateSchema() {}

  /** The version of a state that this Ingot writes. */
  public static int newest() {
    return VERSIONS.size();
  }

  /** What brings the version before to this one. */
  public static List<String> statements(int version) {
    Step step = VERSIONS.get(version - 1);
    return Stream.concat(step.control().stream(), step.local().stream()).toList();
  }

  /** The part of it that a shared project's catalog has, too. */
  public static List<String> control(int version) {
    return VERSIONS.get(version - 1).control();
  }
}
