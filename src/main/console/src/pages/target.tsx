import { api, type PackageKey } from '../api/client';
import type { PlanTarget, Run, Target } from '../api/types';
import { useLoad } from '../live/use-load';
import { Await, Badge, Lines, place, Sql, Time, Title } from '../parts/basics';
import { Charts } from '../parts/chart';
import { cut } from '../parts/format';
import { SqlDiff } from '../parts/sql-diff';
import { reasonInWords } from '../parts/words';
import { to } from '../route';
import { Crumbs } from './package';
import { TargetCells, TargetHeads } from './target-columns';

/** How many of its last runs tell of a table. */
const RUNS = 20;

export function TargetPage({ packageKey, table }: { packageKey: PackageKey; table: string }) {
  const runs = useLoad((signal) => api.runs(packageKey, { limit: RUNS }, signal), [packageKey]);
  const plan = useLoad((signal) => api.plan(packageKey, false, signal), [packageKey]);
  return (
    <>
      <Crumbs packageKey={packageKey} inside />
      <Title>{cut(table)}</Title>
      <Await of={plan}>
        {(known) => <Planned packageKey={packageKey} table={table} targets={known.targets} />}
      </Await>
      <Await of={runs}>
        {(known) => <History packageKey={packageKey} table={table} runs={known} />}
      </Await>
    </>
  );
}

function Planned({
  packageKey,
  table,
  targets,
}: {
  packageKey: PackageKey;
  table: string;
  targets: PlanTarget[];
}) {
  const target = targets.find((one) => one.tableName === table);
  if (!target) return <p>No model declares it today.</p>;
  const named = (ids: string[]) => targets.filter((one) => ids.includes(one.buildId));
  return (
    <section>
      <h2>What a run would do now</h2>
      <p class="facts">
        <Badge status={target.action} />
        <span>{reasonInWords(target.reason, target.changedData)}</span>
      </p>
      <dl class="facts-list">
        <dt>Declared</dt>
        <dd class="text">
          {place(target.model, target.line) ?? '–'}, as {cut(target.sourceNames.join(', '), 600)}
        </dd>
        <dt>Connection</dt>
        <dd>{target.connectionName}</dd>
        <dt>Its table</dt>
        <dd class="text">
          {target.physicalTable ? <code>{cut(target.physicalTable)}</code> : '–'}
        </dd>
        <dt>Reads</dt>
        <dd>
          <Others packageKey={packageKey} targets={named(target.dependsOn)} />
        </dd>
        <dt>Is read by</dt>
        <dd>
          <Others packageKey={packageKey} targets={named(target.downstream)} />
        </dd>
      </dl>
      {target.previousSql && (
        <>
          <h3>What has changed in its SQL</h3>
          <SqlDiff before={target.previousSql} after={target.sql} />
        </>
      )}
      <Sql text={target.sql} label="SQL, with all that it is made of" />
    </section>
  );
}

/** The run's problems have the lines that it has read. */
function ErrorLines({ run, target }: { run: Run; target: Target }) {
  const problem = run.problems.find(
    ({ model, line, excerpt }) => excerpt && model === target.model && line === target.line,
  );
  return target.error && problem ? <Lines of={problem} /> : null;
}

function Others({ packageKey, targets }: { packageKey: PackageKey; targets: PlanTarget[] }) {
  if (targets.length === 0) return <>no other table</>;
  return (
    <ul class="inline">
      {targets.map((one) => (
        <li key={one.buildId}>
          <a class="text" href={to.target(packageKey, one.tableName)}>
            {cut(one.tableName)}
          </a>
        </li>
      ))}
    </ul>
  );
}

function History({
  packageKey,
  table,
  runs,
}: {
  packageKey: PackageKey;
  table: string;
  runs: Run[];
}) {
  const seen = runs.flatMap((run) => {
    const target = run.targets.find((one) => one.tableName === table);
    return target ? [{ run, target }] : [];
  });
  const newest = seen[0];
  if (!newest) return <p class="muted">No run has built it yet.</p>;
  const { target } = newest;
  const built = seen.filter((one) => one.target.status === 'BUILT' && one.run.startedAt).reverse();
  return (
    <section>
      <h2>Its last runs</h2>
      <ErrorLines run={newest.run} target={target} />
      {built.length > 0 && (
        <Charts
          points={built.map((one) => ({
            at: one.run.startedAt ?? one.run.createdAt,
            rows: one.target.rows,
            bytes: one.target.bytes,
            ms: one.target.durationMs ?? 0,
            href: to.run(packageKey, one.run.id),
          }))}
        />
      )}
      <div class="scroll" tabIndex={0} role="group" aria-label="Its last runs">
        <table>
          <thead>
            <tr>
              <th scope="col">Run</th>
              <TargetHeads />
            </tr>
          </thead>
          <tbody>
            {seen.map((one) => (
              <tr key={one.run.id}>
                <th scope="row">
                  <a href={to.run(packageKey, one.run.id)}>
                    <Time at={one.run.startedAt ?? one.run.createdAt} />
                  </a>
                </th>
                <TargetCells target={one.target} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Sql text={target.sql} label="The SQL that was run last" />
    </section>
  );
}
