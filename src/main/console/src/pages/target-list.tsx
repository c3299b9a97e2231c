import type { PackageKey } from '../api/client';
import type { Target } from '../api/types';
import { cut } from '../parts/format';
import { to } from '../route';
import { TargetCells, TargetHeads } from './target-columns';

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
            <TargetHeads />
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
              <TargetCells target={target} percent={percent[target.buildId]} />
            </tr>
          ))}
        </tbody>
      </table>
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
