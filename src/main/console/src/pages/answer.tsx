import { useMemo, useState } from 'preact/hooks';
import type { QueryResult } from '../api/types';
import { Problems, Sql, Time } from '../parts/basics';
import { rowsOf, shown, type Rows, type StableResult } from '../parts/cells';
import { count, plural } from '../parts/format';
import { Rendered } from '../parts/rendered';
import { liveInWords } from '../parts/words';

/** How many rows are shown at once. */
const MOST = 500;

const FORMS = { drawn: 'Drawn', table: 'Table', json: 'JSON' } as const;
type Form = keyof typeof FORMS;

export function Answer({ answer }: { answer: QueryResult }) {
  const [form, setForm] = useState<Form>('table');
  const rows = useMemo(() => rowsOf(JSON.parse(answer.result) as StableResult), [answer]);
  return (
    <section aria-label="Answer">
      <Reads answer={answer} />
      <Problems problems={answer.renderLogs} />
      <div class="tabs" role="group" aria-label="Form of the answer">
        {(Object.keys(FORMS) as Form[]).map((one) => (
          <button key={one} type="button" aria-pressed={one === form} onClick={() => setForm(one)}>
            {FORMS[one]}
          </button>
        ))}
      </div>
      {form === 'drawn' && <Rendered result={answer.result} />}
      {form === 'table' && <Table rows={rows} />}
      {form === 'json' && <Json rows={rows} />}
      <Sql text={answer.sql} label="The SQL that was run" />
    </section>
  );
}

function Reads({ answer }: { answer: QueryResult }) {
  const { materialized, live, cached } = answer;
  return (
    <ul class="reads">
      {materialized.map((read, index) => (
        <li key={index} class="text">
          <span class="badge built">From a table</span> {read.source}, built{' '}
          <Time at={read.builtAt} />
        </li>
      ))}
      {live.map((read, index) => (
        <li key={index} class="text">
          <span class="badge warn">Computed live</span> {read.source}: {liveInWords(read.reason)}
        </li>
      ))}
      {materialized.length + live.length === 0 && (
        <li class="muted">No persisted source was read.</li>
      )}
      {cached && <li class="muted">The answer was kept from before.</li>}
    </ul>
  );
}

function Table({ rows: { columns, rows } }: { rows: Rows }) {
  return (
    <>
      <p class="muted">
        {plural(rows.length, 'row')}
        {rows.length > MOST && `; the first ${count(MOST)} are shown, and a CSV file has all`}
      </p>
      <div class="scroll" tabIndex={0} role="group" aria-label="Rows">
        <table>
          <thead>
            <tr>
              {columns.map((name, at) => (
                <th key={at} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, MOST).map((row, index) => (
              <tr key={index}>
                {row.map((value, at) => (
                  <td key={at} class={typeof value === 'number' ? 'number' : ''}>
                    {shown(value).slice(0, 1000)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Json({ rows: { columns, rows } }: { rows: Rows }) {
  const objects = rows
    .slice(0, MOST)
    .map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])));
  return (
    <pre class="code" tabIndex={0} aria-label="Rows as JSON">
      {JSON.stringify(objects, null, 2)}
      {rows.length > MOST ? `\n… ${count(rows.length - MOST)} more` : ''}
    </pre>
  );
}
