import type { Run, Target } from '../api/types';
import type { ServerEvent } from './events';

/** A run as far as it is known, with what isn't kept: percent of each table that is being built. */
export interface WatchedRun {
  run: Run;
  percent: Readonly<Record<string, number>>;
}

export function isOver(run: Run): boolean {
  return run.status !== 'PENDING' && run.status !== 'RUNNING';
}

/** What is known after an event; undefined while the whole run hasn't been told. */
export function after(known: WatchedRun | undefined, event: ServerEvent): WatchedRun | undefined {
  if (event.name === 'state') return { run: JSON.parse(event.data) as Run, percent: {} };
  if (!known) return undefined;
  switch (event.name) {
    case 'run':
    case 'end':
      return { ...known, run: { ...known.run, ...(JSON.parse(event.data) as Partial<Run>) } };
    case 'target':
      return withTarget(known, JSON.parse(event.data) as Target);
    case 'progress': {
      const { buildId, percent } = JSON.parse(event.data) as { buildId: string; percent: number };
      return { ...known, percent: { ...known.percent, [buildId]: percent } };
    }
    default:
      return known;
  }
}

function withTarget(known: WatchedRun, target: Target): WatchedRun {
  const { targets } = known.run;
  const there = targets.some((one) => one.buildId === target.buildId);
  const changed = there
    ? targets.map((one) => (one.buildId === target.buildId ? target : one))
    : [...targets, target];
  return { ...known, run: { ...known.run, targets: changed } };
}

const FINISHED = new Set(['BUILT', 'REUSED', 'FAILED', 'SKIPPED', 'CANCELLED']);

/** How far a run is, from 0 to 1: its tables count alike, one that is being built by its percent. */
export function progressOf({ run, percent }: WatchedRun): number {
  if (run.status === 'SUCCESS') return 1;
  if (run.targets.length === 0) return 0;
  const done = run.targets.reduce((sum, target) => {
    if (FINISHED.has(target.status)) return sum + 1;
    return sum + (target.status === 'RUNNING' ? (percent[target.buildId] ?? 0) / 100 : 0);
  }, 0);
  return done / run.targets.length;
}
