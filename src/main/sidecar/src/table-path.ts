import { decodeDottedTablePath } from '@malloydata/malloy';
import type { Dialect, PersistSource } from '@malloydata/malloy';
import type { TablePath } from './protocol';

export interface TableName {
  readonly declaredName: string | null;
  readonly path: TablePath;
}

/**
 * The table name of a persist source. `name=` is read as Malloy folds annotations: the source's
 * own `#@ persist name=…`, else the nearest one that it inherits through `extend` or renaming.
 *
 * @param fallback the table's name when none is declared: the source's own name
 */
export function tableName(source: PersistSource, fallback: string): TableName {
  const { dialect } = source;
  const { tag } = source.annotations.parseAsTag('@');
  const declaredName = tag.text('name') ?? null;
  if (declaredName !== null) return { declaredName, path: decode(dialect, declaredName) };
  if (!tag.has('name')) return { declaredName, path: { segments: [unquoted(dialect, fallback)] } };
  return { declaredName, path: { problem: 'name= has no text. Write: #@ persist name="orders"' } };
}

/** The segments of a table's path as SQL names it. */
export function decodeTablePath(
  dialect: Dialect,
  tablePath: string,
): ReturnType<typeof decodeDottedTablePath> {
  // Not sqlValidateTableName: DuckDB's lets file names through ('data/orders.csv').
  return decodeDottedTablePath(tablePath, {
    quoteChar: dialect.identifierQuoteChar,
    escapeStyle: dialect.identifierEscapeStyle as 'doubled' | 'backslash',
    bareIdentRegex: dialect.tablePathBareIdentRegex,
    dialectName: dialect.name,
  });
}

function decode(dialect: Dialect, name: string): TablePath {
  const decoded = decodeTablePath(dialect, name);
  if (decoded.ok) {
    return {
      segments: decoded.segments.map(({ value, quoted }) =>
        quoted ? value : unquoted(dialect, value),
      ),
    };
  }
  const q = dialect.identifierQuoteChar;
  const hint = `A name with other characters than letters, digits and _ needs quotes of its own: name='${q}my-table${q}'`;
  return { problem: `${decoded.error}. ${hint}` };
}

/** What the database makes of a name without quotes: PostgreSQL lowers the letters of ASCII. */
function unquoted({ name }: Dialect, segment: string): string {
  if (name !== 'postgres') return segment;
  return segment.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
