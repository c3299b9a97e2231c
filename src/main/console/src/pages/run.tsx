import { useEffect, useState } from 'preact/hooks';
import type { PackageKey } from '../api/client';
import { useRun } from '../live/use-run';
import { isOver, progressOf } from '../live/watched-run';
import { Failure, Problems, Title } from '../parts/basics';
import { plural } from '../parts/format';
import { Timeline } from '../parts/timeline';
import { Crumbs } from './package';
import { RunHead } from './run-head';
import { TargetList } from './target-list';

export function RunPage({ packageKey, id }: { packageKey: PackageKey; id: string }) {
  const { watched, error } = useRun(packageKey, id);
  const now = useNow(watched !== undefined && !isOver(watched.run));
  return (
    <>
      <Crumbs packageKey={packageKey} inside />
      <Title>{`Run of ${packageKey.name}`}</Title>
      <Failure error={error} />
      {!watched && !error && <p class="muted">Loading…</p>}
      {watched && (
        <>
          <RunHead packageKey={packageKey} run={watched.run} progress={progressOf(watched)} />
          <Problems problems={watched.run.problems} />
          <Timeline run={watched.run} now={now} />
          <TargetList
            packageKey={packageKey}
            targets={watched.run.targets}
            percent={watched.percent}
            selected={undefined}
            select={() => undefined}
          />
          <Dropped
            dropped={watched.run.metadata.gcDropped}
            errors={watched.run.metadata.gcErrors}
          />
        </>
      )}
    </>
  );
}

function Dropped({ dropped, errors }: { dropped: string[]; errors: string[] }) {
  if (dropped.length === 0 && errors.length === 0) return null;
  return (
    <details>
      <summary>{plural(dropped.length, 'table')} dropped that nobody needed any more</summary>
      <ul>
        {dropped.map((name) => (
          <li key={name} class="text">
            <code>{name}</code>
          </li>
        ))}
        {errors.map((error) => (
          <li key={error} class="text error-text">
            {error}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Now, once a second while something is at work. */
function useNow(ticking: boolean): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!ticking) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}
