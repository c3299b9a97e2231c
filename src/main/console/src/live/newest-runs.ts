import { api, type PackageKey } from '../api/client';
import type { Run } from '../api/types';
import { isOver } from './watched-run';

/** How many runs are asked for at once, at most. */
const MOST = 20;

/**
 * The newest run of a package, told with little traffic: what is known is not asked for again.
 *
 * @param known what was the newest
 */
export async function newestRun(
  key: PackageKey,
  known: Run | undefined,
  signal: AbortSignal,
): Promise<Run | undefined> {
  const [running] = await api.runs(key, { limit: 1, status: 'RUNNING' }, signal);
  if (running) return running;
  if (!known || !isOver(known)) return (await api.runs(key, { limit: 1 }, signal))[0];
  const [newer] = await api.runs(key, { limit: 1, createdAfter: known.createdAt }, signal);
  return newer ?? known;
}

/** The newest run of each package of a project, in the same way. */
export class NewestRuns {
  private readonly known = new Map<string, Run>();
  private readonly looked = new Set<string>();

  constructor(private readonly project: string) {}

  async of(packages: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Run>> {
    const last = [...this.known.values()]
      .map((run) => run.createdAt)
      .sort(byTime)
      .pop();
    const newer = await api.projectRuns(
      this.project,
      { limit: MOST, ...(last !== undefined && { createdAfter: last }) },
      signal,
    );
    for (const run of newer.reverse()) this.known.set(run.packageName, run);
    await Promise.all(packages.map((name) => this.look(name, signal)));
    return new Map(this.known);
  }

  /** One that isn't over changes, and one that is older than those above was not told. */
  private async look(name: string, signal: AbortSignal) {
    const run = this.known.get(name);
    if (run ? isOver(run) : this.looked.has(name)) return;
    const [newest] = await api.runs({ project: this.project, name }, { limit: 1 }, signal);
    this.looked.add(name);
    if (newest) this.known.set(name, newest);
  }
}

function byTime(one: string, other: string) {
  return Date.parse(one) - Date.parse(other);
}
