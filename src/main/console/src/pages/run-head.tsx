import { useState } from 'preact/hooks';
import { api, type PackageKey } from '../api/client';
import type { Run } from '../api/types';
import { useMay } from '../live/use-caller';
import { Badge, Failure, Long, Progress, Time } from '../parts/basics';
import { between, cut, duration, plural } from '../parts/format';
import { isOver } from '../live/watched-run';
import { to } from '../route';

/** What became of a run, or how far it is. */
export function RunHead({
  packageKey,
  run,
  progress,
  link = false,
}: {
  packageKey: PackageKey;
  run: Run;
  progress: number;
  link?: boolean;
}) {
  const mayBuild = useMay('build', packageKey.project);
  const { sourcesBuilt, sourcesSkipped, sourcesFailed } = run.metadata;
  const took = between(run.startedAt, run.completedAt);
  return (
    <section class="card run-head" aria-label="Run">
      <p class="facts">
        {link && <a href={to.run(packageKey, run.id)}>{isOver(run) ? 'Last run' : 'Run'}</a>}
        <span role="status">
          <Badge status={run.status} />
        </span>
        <span>
          <Time at={run.startedAt ?? run.createdAt} />
        </span>
        {took !== undefined && <span>took {duration(took)}</span>}
        {isOver(run) && (
          <span>
            {plural(sourcesBuilt, 'table')} built, {sourcesSkipped} reused
            {sourcesFailed > 0 && `, ${sourcesFailed} failed`}
          </span>
        )}
        {run.forceRefresh && <span class="badge">everything anew</span>}
        {run.sources.length > 0 && <span class="text">only {cut(run.sources.join(', '))}</span>}
        {mayBuild && run.status === 'RUNNING' && <Stop packageKey={packageKey} id={run.id} />}
      </p>
      {run.status === 'RUNNING' && <Progress value={progress} label="Progress of the run" />}
      {run.metadata.planning && (
        <p class="muted" role="status">
          Planning: {run.metadata.planning.modelsCompiled} of{' '}
          {plural(run.metadata.planning.models, 'model')} compiled,{' '}
          {plural(run.metadata.planning.sourcesPlanned, 'source')} planned
        </p>
      )}
      {run.error && run.problems.length === 0 && (
        <div class="text error-text">
          <Long text={run.error} />
        </div>
      )}
    </section>
  );
}

function Stop({ packageKey, id }: { packageKey: PackageKey; id: string }) {
  const [error, setError] = useState<Error>();
  const stop = async () => {
    setError(undefined);
    try {
      await api.stop(packageKey, id);
    } catch (failure) {
      setError(failure as Error);
    }
  };
  return (
    <>
      <button type="button" class="danger" onClick={() => void stop()}>
        Stop
      </button>
      <Failure error={error} />
    </>
  );
}
