import type { Run, Target } from '../api/types';
import { criticalPath } from './dag';
import { cut, duration } from './format';

interface Bar {
  target: Target;
  /** Milliseconds since the run began. */
  from: number;
  took: number;
}

/** What ran when; the chain that made the run as long as it was is marked. */
export function Timeline({ run, now }: { run: Run; now: number }) {
  const bars = barsOf(run, now);
  if (bars.length === 0) return null;
  const nodes = bars.map(({ target, took }) => ({
    id: target.buildId,
    dependsOn: target.dependsOn,
    took,
  }));
  const critical = criticalPath(nodes, (node) => node.took);
  const end = Math.max(1, ...bars.map(({ from, took }) => from + took));
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">Timeline</h2>
      <p class="muted">
        From start to end of the builds: {duration(end)}. The longest chain is marked with ◆.
      </p>
      <ol class="timeline">
        {bars.map(({ target, from, took }) => {
          const marked = critical.has(target.buildId);
          return (
            <li key={target.buildId} class={marked ? 'critical' : ''}>
              <span class="name" title={cut(target.tableName, 500)}>
                {marked ? '◆ ' : ''}
                {cut(target.tableName)}
              </span>
              <svg
                class="track"
                viewBox="0 0 1000 16"
                preserveAspectRatio="none"
                aria-hidden="true"
              >
                <rect
                  class={`bar ${target.status.toLowerCase()}`}
                  x={(1000 * from) / end}
                  width={Math.max(3, (1000 * took) / end)}
                  height={16}
                />
              </svg>
              <span class="took">
                {duration(took)}
                <span class="muted"> on {target.connectionName}</span>
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function barsOf(run: Run, now: number): Bar[] {
  const timed = run.targets.filter((target) => target.startedAt);
  const first = Math.min(...timed.map((target) => Date.parse(target.startedAt ?? '')));
  return timed
    .map((target) => {
      const started = Date.parse(target.startedAt ?? '');
      const took =
        target.durationMs ?? (target.status === 'RUNNING' ? Math.max(0, now - started) : 0);
      return { target, from: started - first, took };
    })
    .sort((a, b) => a.from - b.from);
}
