import { digestsOf } from './connections';
import { notFound } from './failure';
import type { PackageRuntime } from './package-runtime';
import { queryFailure } from './prepare';
import type { Tables } from './protocol';

/** The SELECT that builds a source's table, reading those of its dependencies that are built. */
export async function buildSql(
  pkg: PackageRuntime,
  path: string,
  sourceId: string,
  tables: Tables,
): Promise<{ sql: string }> {
  const model = await pkg.model(path);
  const known = Object.keys(model._modelDef.sourceRegistry);
  const source = known.includes(sourceId) ? model._persistSourceFor(sourceId) : undefined;
  if (source === undefined) throw notFound(`persistable source in ${path}`, sourceId, known);
  const entries = [...tables].map(([buildId, tableName]) => [buildId, { tableName }] as const);
  try {
    return {
      sql: source.getSQL({
        buildManifest: { entries: Object.fromEntries(entries) },
        connectionDigests: digestsOf(pkg.spec),
      }),
    };
  } catch (error) {
    throw queryFailure(error, path);
  }
}
