import dagre from '@dagrejs/dagre';

export interface DagNode {
  id: string;
  dependsOn: readonly string[];
}

interface Point {
  x: number;
  y: number;
}

export interface Placed {
  width: number;
  height: number;
  /** The middle of each node. */
  nodes: Map<string, Point>;
  edges: { key: string; points: Point[] }[];
}

export const NODE = { width: 210, height: 56 };

/** Lays tables out from left to right, each to the right of all that it reads. */
export function layOut(nodes: readonly DagNode[]): Placed {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 18, ranksep: 56, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) graph.setNode(id, { ...NODE });
  for (const { id, dependsOn } of nodes) {
    for (const from of dependsOn) if (graph.hasNode(from)) graph.setEdge(from, id);
  }
  dagre.layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width: Math.max(width, 0),
    height: Math.max(height, 0),
    nodes: new Map(nodes.map(({ id }) => [id, pointOf(graph.node(id) as Partial<Point>)])),
    edges: graph.edges().map((edge) => ({
      key: `${edge.v} ${edge.w}`,
      points: (graph.edge(edge) as { points?: Point[] }).points ?? [],
    })),
  };
}

function pointOf({ x, y }: Partial<Point>): Point {
  return { x: x ?? 0, y: y ?? 0 };
}

/**
 * The chain of dependants that took longest, by what each of them took.
 *
 * @param took milliseconds
 */
export function criticalPath<N extends DagNode>(
  nodes: readonly N[],
  took: (node: N) => number,
): Set<string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const best = new Map<string, { total: number; before: string | undefined }>();
  const total = (node: N): number => {
    const known = best.get(node.id);
    if (known) return known.total;
    best.set(node.id, { total: 0, before: undefined });
    let longest = { total: 0, before: undefined as string | undefined };
    for (const id of node.dependsOn) {
      const input = byId.get(id);
      const sum = input ? total(input) : 0;
      if (input && sum > longest.total) longest = { total: sum, before: id };
    }
    const entry = { total: longest.total + took(node), before: longest.before };
    best.set(node.id, entry);
    return entry.total;
  };
  let end: string | undefined;
  let most = 0;
  for (const node of nodes) {
    if (total(node) > most) {
      most = total(node);
      end = node.id;
    }
  }
  const path = new Set<string>();
  for (let at = end; at !== undefined; at = best.get(at)?.before) path.add(at);
  return path;
}
