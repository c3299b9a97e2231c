import type { Target } from '../api/types';
import { Badge, Long, place, Progress } from '../parts/basics';
import { count, cut, duration, size } from '../parts/format';
import { reasonInWords } from '../parts/words';

/** Above what a run did with a table. */
export function TargetHeads() {
  return (
    <>
      <th scope="col">State</th>
      <th scope="col">Why</th>
      <th scope="col" class="number">
        Rows
      </th>
      <th scope="col" class="number">
        Size
      </th>
      <th scope="col" class="number">
        Time
      </th>
    </>
  );
}

/** What a run did with a table. */
export function TargetCells({ target, percent }: { target: Target; percent?: number | undefined }) {
  return (
    <>
      <td>
        <Badge status={target.status} />
        {target.status === 'RUNNING' && percent !== undefined && (
          <Progress value={percent / 100} label={`Progress of ${cut(target.tableName)}`} />
        )}
      </td>
      <td>
        {reasonInWords(target.reason, target.changedData)}
        <TargetError target={target} />
      </td>
      <td class="number">{count(target.rows)}</td>
      <td class="number">{size(target.bytes)}</td>
      <td class="number">{duration(target.durationMs)}</td>
    </>
  );
}

function TargetError({ target }: { target: Target }) {
  if (!target.error) return null;
  const where = place(target.model, target.line);
  return (
    <div class="text error-text">
      {where !== undefined && <code class="place">{where}</code>} <Long text={target.error} />
    </div>
  );
}
