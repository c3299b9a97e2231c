// node malloys-postgres.mjs <asked> <answers>    answers queries by Malloy's own PostgreSQL connection
import { PostgresConnection } from '@malloydata/db-postgres';
import { InMemoryURLReader, SingleConnectionRuntime } from '@malloydata/malloy';
import { readFileSync, writeFileSync } from 'node:fs';

/** @typedef {{ connection: Record<string, string | number>, model: string, queries: string[] }} Asked */

const [from, to] = process.argv.slice(2);
if (from === undefined || to === undefined) {
  console.error('Usage: node malloys-postgres.mjs <asked> <answers>');
  process.exit(2);
}

/** @type {Asked} */
// eslint-disable-next-line @typescript-eslint/no-unsafe-assignment -- the test that asks writes it
const { connection, model, queries } = JSON.parse(readFileSync(from, 'utf8'));

const url = new URL('model:///model.malloy');
const runtime = new SingleConnectionRuntime({
  connection: new PostgresConnection({ name: 'warehouse', ...connection }),
  urlReader: new InMemoryURLReader(new Map([[url.toString(), model]])),
});
const loaded = runtime.loadModel(url);

const answers = [];
for (const query of queries) answers.push(await answer(query));
writeFileSync(to, JSON.stringify(answers, inJson));
// After a query that failed, the connection leaves its session open.
process.exit();

/** @param {string} query */
async function answer(query) {
  try {
    const { data } = await loaded.loadQuery(query).run();
    return { rows: data.toObject() };
  } catch (e) {
    return { error: e instanceof Error ? e.message : String(e) };
  }
}

/**
 * The connection parsed the database's JSON, so no number has more digits than this.
 *
 * @param {string} _
 * @param {unknown} value
 */
function inJson(_, value) {
  return typeof value === 'bigint' ? Number(value) : value;
}
