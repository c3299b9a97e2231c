import { count, duration, time } from './format';

export interface Point {
  at: string;
  rows: number | null | undefined;
  ms: number;
  href: string;
}

const WIDTH = 16;
const HEIGHT = 72;

/** What a table took in its last builds, oldest first; each bar leads to its run. */
export function Chart({ points }: { points: readonly Point[] }) {
  const most = Math.max(1, ...points.map(({ ms }) => ms));
  const width = points.length * WIDTH;
  return (
    <figure class="chart">
      <svg
        width={width}
        height={HEIGHT}
        viewBox={`0 0 ${width} ${HEIGHT}`}
        role="group"
        aria-label="Time of each build"
      >
        {points.map(({ at, rows, ms, href }, index) => {
          const height = Math.max(2, (HEIGHT * ms) / most);
          const said = `${time(at)}: ${duration(ms)}, ${count(rows)} rows`;
          return (
            <a key={index} href={href}>
              <title>{said}</title>
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
        The last {points.length} builds took up to {duration(most)}.
      </figcaption>
    </figure>
  );
}
