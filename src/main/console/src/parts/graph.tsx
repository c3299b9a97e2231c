import { useMemo } from 'preact/hooks';
import { cut } from './format';
import { layOut, NODE, type DagNode } from './dag';
import { statusInWords, type AnyStatus } from './words';

/** How many characters of a name there is room for. */
const NAME = 25;

export interface GraphNode extends DagNode {
  label: string;
  status: AnyStatus;
  href: string;
  /** While it is being built, where its database tells. */
  percent?: number | undefined;
}

/** The tables of a package and what reads what. The same is in a list beside it. */
export function Graph({ nodes }: { nodes: readonly GraphNode[] }) {
  const shape = JSON.stringify(nodes.map(({ id, dependsOn }) => [id, dependsOn]));
  const placed = useMemo(() => layOut(nodes), [shape]);
  return (
    <div class="graph" role="group" aria-label="Tables and what they read" tabIndex={0}>
      <svg
        width={placed.width}
        height={placed.height}
        viewBox={`0 0 ${placed.width} ${placed.height}`}
      >
        <defs>
          <marker
            id="arrow"
            viewBox="0 0 8 8"
            refX="8"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto"
          >
            <path d="M0 0 8 4 0 8z" class="arrow" />
          </marker>
        </defs>
        {placed.edges.map(({ key, points }) => (
          <path
            key={key}
            class="edge"
            marker-end="url(#arrow)"
            d={points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('')}
          />
        ))}
        {nodes.map((node) => (
          <Node key={node.id} node={node} at={placed.nodes.get(node.id) ?? { x: 0, y: 0 }} />
        ))}
      </svg>
    </div>
  );
}

function Node({ node, at }: { node: GraphNode; at: { x: number; y: number } }) {
  const { width, height } = NODE;
  const percent = node.status === 'RUNNING' ? node.percent : undefined;
  const said = `${statusInWords(node.status)}${percent === undefined ? '' : ` ${Math.round(percent)} %`}`;
  return (
    <a href={node.href}>
      <g
        transform={`translate(${at.x - width / 2} ${at.y - height / 2})`}
        class={`node ${node.status.toLowerCase()}`}
      >
        {node.label.length > NAME && <title>{cut(node.label, 500)}</title>}
        <rect class="box" width={width} height={height} rx={6} />
        <rect class="edge-mark" width={5} height={height} rx={2} />
        {percent !== undefined && (
          <rect class="done" y={height - 4} width={(width * percent) / 100} height={4} rx={2} />
        )}
        <text x={16} y={24} class="name">
          {cut(node.label, NAME)}
        </text>{' '}
        <text x={16} y={43} class="said">
          {said}
        </text>
      </g>
    </a>
  );
}
