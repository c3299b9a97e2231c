/** The name that was probably meant, or undefined when none is like it; case is of no account. */
export function nearest(written: string, known: Iterable<string>): string | undefined {
  const limit = Math.min(3, Math.ceil(written.length / 2));
  const [best] = [...known]
    .map((name) => ({ name, distance: distance(written.toLowerCase(), name.toLowerCase()) }))
    .filter((candidate) => candidate.distance <= limit)
    .sort((one, other) => one.distance - other.distance);
  return best?.name;
}

/** Levenshtein's. */
function distance(first: string, second: string): number {
  let previous = Array.from({ length: second.length + 1 }, (_, i) => i);
  for (const [i, a] of Array.from(first).entries()) {
    const current = [i + 1];
    for (const [j, b] of Array.from(second).entries()) {
      const change = (previous[j] ?? 0) + (a === b ? 0 : 1);
      current.push(Math.min(change, (previous[j + 1] ?? 0) + 1, (current[j] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[second.length] ?? 0;
}
