import { DuckDBDialect, mkFieldDef } from '@malloydata/malloy';
import type { FieldDef } from '@malloydata/malloy';
import { dataFilePath } from './data-file';
import type { Host } from './host';
import { HostConnection } from './host-connection';
import type { Column, ConnectionSpec } from './protocol';

export class HostDuckDB extends HostConnection<DuckDBDialect> {
  constructor(spec: ConnectionSpec, packageId: string, host: Host) {
    super(spec, packageId, host, new DuckDBDialect());
  }

  protected override tablePath(tablePath: string): string {
    return dataFilePath(tablePath);
  }

  protected override field({ name, type }: Column): FieldDef {
    return mkFieldDef(this.dialect.parseDuckDBType(type), name);
  }
}
