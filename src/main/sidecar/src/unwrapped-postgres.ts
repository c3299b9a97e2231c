import { PostgresDialect, registerDialect } from '@malloydata/malloy';

/**
 * Malloy ends a query on PostgreSQL with a stage that makes each row one JSON value, for its own
 * driver to take apart again. Here the columns are answered as they are, with the types of the
 * database. What is built never had that stage, so no BuildID depends on it.
 */
class UnwrappedPostgres extends PostgresDialect {
  override hasFinalStage = false;
}

registerDialect(new UnwrappedPostgres());
