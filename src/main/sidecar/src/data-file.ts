const DATA_FILE = /^[A-Za-z_]\w*(\.\w+)*\.(csv|tsv|parquet|json|ndjson|jsonl)(\.(gz|zst))?$/i;

/** What DuckDB takes for a database or a schema of its own before it looks for anything else. */
const TAKEN = new Set(['information_schema', 'package', 'pg_catalog', 'system', 'temp']);

/**
 * A table path of which DuckDB finds the view that stands for a data file. Malloy leaves the name
 * of a file in the package's root without quotes: `orders.csv`, a view in a schema. Where there
 * can't be such a view (`temp.csv`, `orders.csv.gz`), quotes make it the name of one.
 *
 * @param tablePath as Malloy writes it into SQL
 */
export function dataFilePath(tablePath: string): string {
  if (!DATA_FILE.test(tablePath)) return tablePath;
  const [first, ...others] = tablePath.toLowerCase().split('.');
  const hasView = others.length === 1 && first !== undefined && !TAKEN.has(first);
  return hasView ? tablePath : `"${tablePath}"`;
}
