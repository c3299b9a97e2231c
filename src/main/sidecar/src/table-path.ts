import { decodeDottedTablePath } from '@malloydata/malloy';
import type { PersistSource } from '@malloydata/malloy';
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
  const { tag } = source.annotations.parseAsTag('@');
  const declaredName = tag.text('name') ?? null;
  if (declaredName !== null) return { declaredName, path: decode(source, declaredName) };
  if (!tag.has('name')) return { declaredName, path: { segments: [fallback] } };
  return { declaredName, path: { problem: 'name= has no text. Write: #@ persist name="orders"' } };
}

function decode({ dialect }: PersistSource, name: string): TablePath {
  // Not sqlValidateTableName: DuckDB's lets file names through ('data/orders.csv').
  const decoded = decodeDottedTablePath(name, {
    quoteChar: dialect.identifierQuoteChar,
    escapeStyle: dialect.identifierEscapeStyle as 'doubled' | 'backslash',
    bareIdentRegex: dialect.tablePathBareIdentRegex,
    dialectName: dialect.name,
  });
  if (decoded.ok) return { segments: decoded.segments.map((segment) => segment.value) };
  const q = dialect.identifierQuoteChar;
  const hint = `A name with other characters than letters, digits and _ needs quotes of its own: name='${q}my-table${q}'`;
  return { problem: `${decoded.error}. ${hint}` };
}
