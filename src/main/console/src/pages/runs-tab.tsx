import { useState } from 'preact/hooks';
import { api, type PackageKey } from '../api/client';
import { useLoad } from '../live/use-load';
import { Await, Badge, Time } from '../parts/basics';
import { between, duration } from '../parts/format';
import { to } from '../route';

const PAGE = 20;

export function RunsTab({ packageKey }: { packageKey: PackageKey }) {
  const [offset, setOffset] = useState(0);
  const runs = useLoad(
    (signal) => api.runs(packageKey, { limit: PAGE + 1, offset }, signal),
    [packageKey, offset],
    5000,
  );
  return (
    <Await of={runs}>
      {(found) =>
        found.length === 0 && offset === 0 ? (
          <p>No run yet.</p>
        ) : (
          <>
            <div class="scroll" tabIndex={0} role="group" aria-label="Runs">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Run</th>
                    <th scope="col">State</th>
                    <th scope="col" class="number">
                      Time
                    </th>
                    <th scope="col" class="number">
                      Built
                    </th>
                    <th scope="col" class="number">
                      Reused
                    </th>
                    <th scope="col" class="number">
                      Failed
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {found.slice(0, PAGE).map((run) => (
                    <tr key={run.id}>
                      <th scope="row">
                        <a href={to.run(packageKey, run.id)}>
                          <Time at={run.startedAt ?? run.createdAt} />
                        </a>
                      </th>
                      <td>
                        <Badge status={run.status} />
                      </td>
                      <td class="number">{duration(between(run.startedAt, run.completedAt))}</td>
                      <td class="number">{run.metadata.sourcesBuilt}</td>
                      <td class="number">{run.metadata.sourcesSkipped}</td>
                      <td class="number">{run.metadata.sourcesFailed}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            <div class="toolbar">
              <button
                type="button"
                disabled={offset === 0}
                onClick={() => setOffset(Math.max(0, offset - PAGE))}
              >
                Newer
              </button>
              <button
                type="button"
                disabled={found.length <= PAGE}
                onClick={() => setOffset(offset + PAGE)}
              >
                Older
              </button>
            </div>
          </>
        )
      }
    </Await>
  );
}
