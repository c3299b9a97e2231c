import { useEffect, useRef, useState } from 'preact/hooks';
import { api, type PackageKey } from '../api/client';
import type { PlanTarget, Run, Target } from '../api/types';
import { useMay } from '../live/use-caller';
import { useLoad } from '../live/use-load';
import { newestRun } from '../live/newest-runs';
import { useRun } from '../live/use-run';
import { isOver, progressOf, type WatchedRun } from '../live/watched-run';
import { Await, Failure, Problems } from '../parts/basics';
import { Graph, type GraphNode } from '../parts/graph';
import { to } from '../route';
import { BuildForm } from './build-form';
import { RunHead } from './run-head';
import { TargetList } from './target-list';

/** How often it is looked whether somebody has started a run, in milliseconds. */
const LOOK = 2000;

/** A package's tables as its last run left them, or as the run that is at work has them now. */
export function TablesTab({ packageKey }: { packageKey: PackageKey }) {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const mayBuild = useMay('build', packageKey.project);
  const known = useRef<Run | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const newest = useLoad(
    async (signal) => {
      known.current = await newestRun(packageKey, known.current, signal);
      return known.current?.id ?? '';
    },
    [packageKey],
    // One that is at work tells by itself how it goes on.
    busy ? 0 : LOOK,
  );
  const { watched, error } = useRun(packageKey, newest.value === '' ? undefined : newest.value);
  const isBusy = watched !== undefined && !isOver(watched.run);
  useEffect(() => setBusy(isBusy), [isBusy]);
  return (
    <>
      {mayBuild && (
        <BuildForm
          packageKey={packageKey}
          selected={[...selected]}
          busy={busy}
          started={newest.again}
        />
      )}
      <Failure error={newest.error ?? error} />
      {newest.value === '' && <NeverBuilt packageKey={packageKey} />}
      {watched && (
        <LastRun
          packageKey={packageKey}
          watched={watched}
          selected={mayBuild && !busy ? selected : undefined}
          select={setSelected}
        />
      )}
    </>
  );
}

function LastRun({
  packageKey,
  watched,
  selected,
  select,
}: {
  packageKey: PackageKey;
  watched: WatchedRun;
  selected: ReadonlySet<string> | undefined;
  select: (names: ReadonlySet<string>) => void;
}) {
  const { run, percent } = watched;
  return (
    <>
      <RunHead packageKey={packageKey} run={run} progress={progressOf(watched)} link />
      <Problems problems={run.problems} />
      {run.targets.length > 0 && (
        <Graph
          nodes={run.targets.map((target) => nodeOf(packageKey, target, percent[target.buildId]))}
        />
      )}
      <TargetList
        packageKey={packageKey}
        targets={run.targets}
        percent={percent}
        selected={selected}
        select={select}
      />
    </>
  );
}

function NeverBuilt({ packageKey }: { packageKey: PackageKey }) {
  const plan = useLoad((signal) => api.plan(packageKey, false, signal), [packageKey]);
  return (
    <Await of={plan}>
      {({ targets, problems }) => (
        <>
          <p>No run yet. This is what the first one would build.</p>
          <Problems problems={problems} />
          {targets.length > 0 && (
            <Graph nodes={targets.map((target) => planned(packageKey, target))} />
          )}
        </>
      )}
    </Await>
  );
}

function nodeOf(packageKey: PackageKey, target: Target, percent: number | undefined): GraphNode {
  return { ...placeOf(packageKey, target), status: target.status, percent };
}

export function planned(packageKey: PackageKey, target: PlanTarget): GraphNode {
  return { ...placeOf(packageKey, target), status: target.action };
}

function placeOf(packageKey: PackageKey, { buildId, tableName, dependsOn }: Target | PlanTarget) {
  return { id: buildId, label: tableName, dependsOn, href: to.target(packageKey, tableName) };
}
