import { useState } from 'preact/hooks';
import { api, type PackageKey } from '../api/client';
import type { Plan, PlanTarget } from '../api/types';
import { useLoad } from '../live/use-load';
import { Await, Badge, place, Problems, Sql } from '../parts/basics';
import { cut, plural } from '../parts/format';
import { Graph } from '../parts/graph';
import { SqlDiff } from '../parts/sql-diff';
import { reasonInWords } from '../parts/words';
import { to } from '../route';
import { planned } from './tables-tab';

/** What a run would do now, beside what is served. */
export function PlanTab({ packageKey }: { packageKey: PackageKey }) {
  const [force, setForce] = useState(false);
  const plan = useLoad((signal) => api.plan(packageKey, force, signal), [packageKey, force]);
  return (
    <>
      <div class="toolbar">
        <button type="button" onClick={plan.again}>
          Look again
        </button>
        <label>
          <input
            type="checkbox"
            checked={force}
            onChange={(event) => setForce(event.currentTarget.checked)}
          />{' '}
          as if everything were built anew
        </label>
      </div>
      <Await of={plan}>{(found) => <Found packageKey={packageKey} plan={found} />}</Await>
    </>
  );
}

function Found({ packageKey, plan }: { packageKey: PackageKey; plan: Plan }) {
  return (
    <>
      <p role="status">{outcome(plan)}</p>
      <Problems problems={plan.problems} />
      {plan.removed.length > 0 && (
        <p class="text">These tables would go: {plan.removed.join(', ')}</p>
      )}
      {plan.sourcesUnplanned.length > 0 && (
        <p class="text">
          No model that compiles declares these any more: {plan.sourcesUnplanned.join(', ')}
        </p>
      )}
      {plan.targets.length > 0 && (
        <Graph nodes={plan.targets.map((target) => planned(packageKey, target))} />
      )}
      <ul class="plan">
        {plan.targets.map((target) => (
          <Planned key={target.buildId} packageKey={packageKey} target={target} />
        ))}
      </ul>
    </>
  );
}

function outcome(plan: Plan) {
  if (plan.refused) return 'A problem keeps everything from being built.';
  const counted = (action: PlanTarget['action']) =>
    plan.targets.filter((target) => target.action === action).length;
  const from = plan.version === 0 ? 'nothing' : `version ${plan.version}`;
  const said = `A run would build ${plural(counted('BUILD'), 'table')} and reuse ${counted('REUSE')}. It starts from ${from}.`;
  return plan.problems.some(({ severity }) => severity === 'error')
    ? `${said} It would fail, unless it publishes what could be built.`
    : said;
}

function Planned({ packageKey, target }: { packageKey: PackageKey; target: PlanTarget }) {
  return (
    <li class="card">
      <p class="facts">
        <a class="text" href={to.target(packageKey, target.tableName)}>
          {cut(target.tableName)}
        </a>
        <Badge status={target.action} />
        <span>{reasonInWords(target.reason, target.changedData)}</span>
        <span class="muted">{place(target.model, target.line)}</span>
      </p>
      {target.physicalTable && (
        <p class="muted text">
          Read from <code>{cut(target.physicalTable)}</code>
        </p>
      )}
      {target.freshness === 'unknown' && (
        <p class="muted">
          Whether its data has changed can’t be told: build everything to be sure.
        </p>
      )}
      {target.previousSql && (
        <details>
          <summary>What has changed in its SQL</summary>
          <SqlDiff before={target.previousSql} after={target.sql} />
        </details>
      )}
      <Sql text={target.sql} />
    </li>
  );
}
