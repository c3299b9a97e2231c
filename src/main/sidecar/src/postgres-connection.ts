import { mkArrayDef, PostgresDialect } from '@malloydata/malloy';
import type { FieldDef } from '@malloydata/malloy';
import type { Host } from './host';
import { HostConnection } from './host-connection';
import type { Column, ConnectionSpec } from './protocol';
import { decodeTablePath } from './table-path';

/** Its fields and its refusals are those of Malloy's own PostgreSQL connection. */
export class HostPostgres extends HostConnection<PostgresDialect> {
  constructor(spec: ConnectionSpec, packageId: string, host: Host) {
    super(spec, packageId, host, new PostgresDialect());
  }

  protected override tablePath(tablePath: string): string {
    const decoded = decodeTablePath(this.dialect, tablePath);
    if (decoded.ok && decoded.segments.length > 1) return tablePath;
    throw new Error(
      `The table ${tablePath} is named without its schema. ` +
        `Write schema.table: ${this.name}.table('public.${tablePath}')`,
    );
  }

  protected override field({ name, type }: Column): FieldDef {
    return type.endsWith('[]')
      ? mkArrayDef(this.dialect.sqlTypeToMalloyType(type.slice(0, -2)), name)
      : { ...this.dialect.sqlTypeToMalloyType(type), name };
  }
}
