package dev.ingot.state;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The tables of the state and their version. Plain SQL that DuckDB and PostgreSQL both take: no
 * partial indexes, documents as text, times as UTC.
 */
final class StateSchema {

  private static final List<String> FIRST =
      List.of(
          """
          CREATE TABLE projects (
            name varchar PRIMARY KEY, created_at timestamp NOT NULL)
          """,
          """
          CREATE TABLE packages (
            project varchar, name varchar, location varchar NOT NULL, folder varchar NOT NULL,
            description varchar, created_at timestamp NOT NULL, PRIMARY KEY (project, name))
          """,
          """
          CREATE TABLE runs (
            id varchar PRIMARY KEY, project varchar NOT NULL, package varchar NOT NULL,
            status varchar NOT NULL, force_refresh boolean NOT NULL, auto_load boolean NOT NULL,
            created_at timestamp NOT NULL, updated_at timestamp NOT NULL, started_at timestamp,
            completed_at timestamp, error varchar, problems varchar NOT NULL)
          """,
          """
          CREATE TABLE run_targets (
            run varchar, build_id varchar, place integer NOT NULL, report varchar NOT NULL,
            PRIMARY KEY (run, build_id))
          """,
          """
          CREATE TABLE running (
            project varchar, package varchar, run varchar NOT NULL, PRIMARY KEY (project, package))
          """,
          """
          CREATE TABLE generations (
            id varchar PRIMARY KEY, project varchar NOT NULL, package varchar NOT NULL,
            build_id varchar NOT NULL, connection varchar NOT NULL,
            declared_schema varchar NOT NULL, declared_name varchar NOT NULL,
            table_schema varchar NOT NULL, table_name varchar NOT NULL, run varchar NOT NULL,
            inputs varchar NOT NULL, origin varchar NOT NULL, built_at timestamp,
            row_count bigint NOT NULL)
          """,
          """
          CREATE TABLE versions (
            project varchar, package varchar, version bigint, run varchar NOT NULL,
            published_at timestamp NOT NULL, PRIMARY KEY (project, package, version))
          """,
          """
          CREATE TABLE version_entries (
            project varchar, package varchar, version bigint, place integer,
            generation varchar NOT NULL, declared_schema varchar NOT NULL,
            declared_name varchar NOT NULL, source_names varchar NOT NULL,
            PRIMARY KEY (project, package, version, place))
          """,
          """
          CREATE TABLE current_versions (
            project varchar, package varchar, version bigint NOT NULL,
            PRIMARY KEY (project, package))
          """,
          """
          CREATE TABLE views (
            project varchar, package varchar, connection varchar, view_schema varchar,
            view_name varchar,
            PRIMARY KEY (project, package, connection, view_schema, view_name))
          """);

  /** What the janitor, selections, strict packages and rollbacks have to know. */
  private static final List<String> SECOND =
      List.of(
          "ALTER TABLE packages ADD COLUMN strict boolean DEFAULT false",
          "ALTER TABLE runs ADD COLUMN fail_fast boolean DEFAULT false",
          "ALTER TABLE runs ADD COLUMN sources varchar DEFAULT '[]'",
          "ALTER TABLE runs ADD COLUMN dropped varchar DEFAULT '[]'",
          "ALTER TABLE runs ADD COLUMN drop_errors varchar DEFAULT '[]'",
          "ALTER TABLE generations ADD COLUMN definition varchar DEFAULT ''",
          "ALTER TABLE generations ADD COLUMN superseded_at timestamp",
          "ALTER TABLE versions ADD COLUMN cause varchar DEFAULT 'RUN'",
          "ALTER TABLE versions ADD COLUMN restores bigint");

  /** Each brings the version before it to its own; the number of a version is its place, from 1. */
  private static final List<List<String>> VERSIONS = List.of(FIRST, SECOND);

  private StateSchema() {}

  /** The version that {@link #migrate} brings a state to. */
  static int newest() {
    return VERSIONS.size();
  }

  static void migrate(JdbcClient client) {
    migrate(client, newest());
  }

  static void migrate(JdbcClient client, int wanted) {
    client.sql("CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)").update();
    int found =
        client
            .sql("SELECT coalesce(max(version), 0) FROM schema_version")
            .query((row, n) -> row.getInt(1))
            .single();
    for (int version = found; version < wanted; version++) {
      VERSIONS.get(version).forEach(statement -> client.sql(statement).update());
      client.sql("INSERT INTO schema_version VALUES (?)").param(version + 1).update();
    }
  }
}
