/** A generation's name: the declared one, and what tells it from the others. */
const GENERATION = /__[0-9a-f]+"?$/;

/** What another version changes, by the tables of both. */
export interface VersionChanges {
  /** Declared names that the other version has no table for. */
  gone: string[];
  /** Declared names that only the other version has a table for. */
  back: string[];
  /** Declared names for which it has another table. */
  other: string[];
  same: number;
}

export function versionChanges(
  current: readonly string[],
  chosen: readonly string[],
): VersionChanges {
  const [here, there] = [current.map(declared), chosen.map(declared)];
  const kept = chosen.filter((table) => current.includes(table));
  return {
    gone: here.filter((name) => !there.includes(name)),
    back: there.filter((name) => !here.includes(name)),
    other: chosen
      .filter((table) => !kept.includes(table))
      .map(declared)
      .filter((name) => here.includes(name)),
    same: kept.length,
  };
}

function declared(table: string) {
  return table.replace(GENERATION, '');
}
