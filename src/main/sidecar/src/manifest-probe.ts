import type { BuildManifest, BuildManifestEntry } from '@malloydata/malloy';
import type { Tables } from './protocol';

const BUILD_ID = /^[0-9a-f]{64}$/;

/** A manifest that notes which BuildIDs the compiler looks up. */
export class ManifestProbe {
  readonly manifest: BuildManifest;
  /** In the order of the first look-up; true for a hit. */
  private readonly seen = new Map<string, boolean>();

  constructor(tables: Tables) {
    const none: Record<string, BuildManifestEntry> = {};
    const entries = new Proxy(none, {
      get: (target, key) => {
        if (typeof key !== 'string' || !BUILD_ID.test(key))
          return Reflect.get(target, key) as unknown;
        const tableName = tables.get(key);
        this.seen.set(key, tableName !== undefined);
        return tableName === undefined ? undefined : { tableName };
      },
    });
    this.manifest = { entries };
  }

  reads(): { buildId: string; hit: boolean }[] {
    return [...this.seen].map(([buildId, hit]) => ({ buildId, hit }));
  }
}
