import { count, duration, size, time } from './format';

/** A build of a table. */
export interface Point {
  at: string;
  rows: number | null | undefined;
  bytes: number | null | undefined;
  ms: number;
  href: string;
}

interface Measure {
  name: string;
  of: (point: Point) => number | null | undefined;
  said: (value: number | null | undefined) => string;
}

const MEASURES: readonly Measure[] = [
  { name: 'Time', of: ({ ms }) => ms, said: duration },
  { name: 'Rows', of: ({ rows }) => rows, said: count },
  { name: 'Size', of: ({ bytes }) => bytes, said: size },
];

const WIDTH = 16;
const HEIGHT = 72;

/** What a table's last builds took and gave, oldest first; each bar leads to its run. */
export function Charts({ points }: { points: readonly Point[] }) {
  return (
    <div class="charts">
      {MEASURES.filter(({ of }) => points.some((point) => isKnown(of(point)))).map((measure) => (
        <Chart key={measure.name} measure={measure} points={points} />
      ))}
    </div>
  );
}

function isKnown(value: number | null | undefined): value is number {
  return value !== null && value !== undefined;
}

function Chart({
  measure: { name, of, said },
  points,
}: {
  measure: Measure;
  points: readonly Point[];
}) {
  const most = Math.max(1, ...points.map(of).filter(isKnown));
  const width = points.length * WIDTH;
  return (
    <figure class="chart">
      <svg
        width={width}
        height={HEIGHT}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        role="group"
        aria-label={`${name} of each build`}
      >
        {points.map((point, index) => {
          const value = of(point);
          if (!isKnown(value)) return null;
          const height = Math.max(2, (HEIGHT * value) / most);
          return (
            <a key={index} href={point.href}>
              <title>{`${time(point.at)}: ${said(value)}`}</title>
              <rect
                x={index * WIDTH + 2}
                y={HEIGHT - height}
                width={WIDTH - 4}
                height={height}
                rx={2}
              />
            </a>
          );
        })}
      </svg>
      <figcaption class="muted">
        {name}, up to {said(most)}
      </figcaption>
    </figure>
  );
}
