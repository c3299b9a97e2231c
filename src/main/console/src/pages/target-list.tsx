import type { PackageKey } from '../api/client';
import type { Target } from '../api/types';
import { Badge, Long, place, Progress } from '../parts/basics';
import { count, cut, duration } from '../parts/format';
import { reasonInWords } from '../parts/words';
import { to } from '../route';

/** The same as in the graph, to read and to select from. */
export function TargetList({
  packageKey,
  targets,
  percent,
  selected,
  select,
}: {
  packageKey: PackageKey;
  targets: Target[];
  percent: Readonly<Record<string, number>>;
  selected: ReadonlySet<string> | undefined;
  select: (names: ReadonlySet<string>) => void;
}) {
  if (targets.length === 0) return null;
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label="Tables">
      <table class="targets">
        <thead>
          <tr>
            {selected && <th scope="col">Select</th>}
            <th scope="col">Table</th>
            <th scope="col">State</th>
            <th scope="col">Why</th>
            <th scope="col" class="number">
              Rows
            </th>
            <th scope="col" class="number">
              Time
            </th>
          </tr>
        </thead>
        <tbody>
          {targets.map((target) => (
            <tr key={target.buildId}>
              {selected && (
                <td>
                  <Select target={target} selected={selected} select={select} />
                </td>
              )}
              <th scope="row">
                <a class="text" href={to.target(packageKey, target.tableName)}>
                  {cut(target.tableName)}
                </a>
              </th>
              <td>
                <Badge status={target.status} />
                {target.status === 'RUNNING' && percent[target.buildId] !== undefined && (
                  <Progress
                    value={(percent[target.buildId] ?? 0) / 100}
                    label={`Progress of ${cut(target.tableName)}`}
                  />
                )}
              </td>
              <td>
                {reasonInWords(target.reason, target.changedData)}
                <TargetError target={target} />
              </td>
              <td class="number">{count(target.rows)}</td>
              <td class="number">{duration(target.durationMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function TargetError({ target }: { target: Target }) {
  if (!target.error) return null;
  const where = place(target.model, target.line);
  return (
    <div class="text error-text">
      {where !== undefined && <code class="place">{where}</code>} <Long text={target.error} />
    </div>
  );
}

function Select({
  target,
  selected,
  select,
}: {
  target: Target;
  selected: ReadonlySet<string>;
  select: (names: ReadonlySet<string>) => void;
}) {
  const source = target.sourceNames[0];
  if (source === undefined) return null;
  return (
    <input
      type="checkbox"
      aria-label={`Select ${cut(target.tableName)}`}
      checked={selected.has(source)}
      onChange={(event) => {
        const names = new Set(selected);
        if (event.currentTarget.checked) names.add(source);
        else names.delete(source);
        select(names);
      }}
    />
  );
}
