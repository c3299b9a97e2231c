import type { BuildTarget, PersistSource } from '@malloydata/malloy';
import { digestsOf } from './connections';
import { ManifestProbe } from './manifest-probe';
import { modelOfLocation } from './model-url';
import { positionOf } from './problems';
import type { PackageSpec, Tables, Target, TargetSource } from './protocol';
import { tableName } from './table-path';

interface Merged {
  readonly target: Omit<Target, 'dependsOn' | 'sources' | 'gated'>;
  readonly sources: Map<string, TargetSource>;
  gated: boolean;
  readonly persistSources: PersistSource[];
}

/** Targets by BuildID: models that import each other list the same ones. */
export class TargetUnion {
  private readonly merged = new Map<string, Merged>();

  constructor(private readonly spec: PackageSpec) {}

  /**
   * @param path the model that was asked for its targets
   * @param gated whether it is gated there; where it is once, it is
   */
  add({ buildId, connectionName, sql, sources }: BuildTarget, path: string, gated: boolean): void {
    const known = this.merged.get(buildId);
    const dialect = sources[0]?.dialectName ?? '';
    const merged: Merged = known ?? {
      target: { buildId, connectionName, dialect, sql },
      sources: new Map(),
      gated: false,
      persistSources: [],
    };
    this.merged.set(buildId, merged);
    merged.gated ||= gated;
    for (const source of sources) {
      if (!merged.sources.has(source.sourceID)) {
        merged.sources.set(source.sourceID, targetSource(source, path));
        merged.persistSources.push(source);
      }
    }
  }

  targets(): Target[] {
    const all = new Map([...this.merged.keys()].map((buildId) => [buildId, 'built']));
    return [...this.merged.values()].map(({ target, sources, gated, persistSources }) => ({
      ...target,
      dependsOn: this.reads(persistSources, all),
      gated,
      sources: [...sources.values()],
    }));
  }

  /**
   * The targets that a build really reads, found by compiling its SQL once as if all were built.
   *
   * Malloy's own `dependsOn` is a guess from the model: it names joins that the SQL never
   * mentions, and it misses the joins of an extension that inherits persist: `ext is
   * base extend {join_one: other}` counts as base's table, and what is built from ext depends on
   * base alone. It would be built beside `other`, from the inlined SQL of that.
   *
   * A reading chain cannot be a circle: the SQL of a target holds that of what it reads.
   */
  private reads(sources: readonly PersistSource[], all: Tables): string[] {
    const found = new Set<string>();
    for (const source of sources) {
      const probe = new ManifestProbe(all);
      source.getSQL({
        buildManifest: probe.manifest,
        connectionDigests: digestsOf(this.spec),
      });
      for (const { buildId, hit } of probe.reads()) if (hit) found.add(buildId);
    }
    return [...found];
  }
}

function targetSource(source: PersistSource, path: string): TargetSource {
  const name = nameAtDeclaration(source);
  return {
    name,
    sourceId: source.sourceID,
    model: (source.location && modelOfLocation(source.location.url)) ?? path,
    ...positionOf(source.location),
    ...tableName(source, name),
  };
}

/** An importer may rename the source, but its id keeps what its own file calls it: `name@url`. */
function nameAtDeclaration(source: PersistSource): string {
  const suffix = `@${source.location?.url ?? ''}`;
  return source.sourceID.endsWith(suffix) ? source.sourceID.slice(0, -suffix.length) : source.name;
}
