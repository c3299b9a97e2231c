import { DuckDBDialect, registerDialect } from '@malloydata/malloy';

/**
 * Malloy goes on with a source whose schema it could not get as one of the dialect `~malformed~`,
 * which it does not know: an aggregate over such a source then throws, and with that the report of
 * what was wrong is lost. Nothing is ever made with this one; it lets the translator reach its end.
 */
class MalformedDialect extends DuckDBDialect {
  override name = '~malformed~';
}

registerDialect(new MalformedDialect());
