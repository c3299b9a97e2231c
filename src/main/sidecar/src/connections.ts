import { mkFieldDef, sqlKey, DuckDBDialect } from '@malloydata/malloy';
import type {
  Connection,
  LookupConnection,
  SQLSourceDef,
  SQLSourceRequest,
  TableSourceDef,
} from '@malloydata/malloy';
import { BaseConnection } from '@malloydata/malloy/connection';
import { dataFilePath } from './data-file';
import type { Host } from './host';
import type { Column, ConnectionSpec, PackageSpec } from './protocol';

/** The connections of one package: they know dialect and digest, and ask the host for schemas. */
export class HostConnections implements LookupConnection<Connection> {
  private readonly known: ReadonlyMap<string, Connection>;

  constructor(spec: PackageSpec, host: Host) {
    this.known = new Map(spec.connections.map((c) => [c.name, connect(c, spec.id, host)]));
  }

  lookupConnection(name?: string): Promise<Connection> {
    const connection = name === undefined ? undefined : this.known.get(name);
    if (connection !== undefined) return Promise.resolve(connection);
    const names = [...this.known.keys()].join(', ');
    const problem = `There is no connection "${name ?? ''}" in this project; there is: ${names}.`;
    // Malloy loses the message of a lookup that throws ("import reference failure"), so what is
    // unknown is a connection of which every schema is this error.
    return Promise.resolve(new BrokenConnection(name ?? '', problem));
  }
}

/** The digests of all connections, by name. */
export function digestsOf(spec: PackageSpec): Record<string, string> {
  return Object.fromEntries(spec.connections.map((c) => [c.name, c.digest]));
}

function connect(spec: ConnectionSpec, packageId: string, host: Host): Connection {
  switch (spec.type) {
    case 'duckdb':
      return new HostDuckDB(spec, packageId, host);
    default: {
      const problem = `The connection "${spec.name}" is of type "${spec.type}", which is not supported.`;
      return new BrokenConnection(spec.name, problem);
    }
  }
}

/**
 * Not Malloy's own DuckDB connection: all of that is I/O, and its package brings two hundred
 * megabytes of drivers for every platform. The types are the dialect's, which is in Malloy.
 */
abstract class DuckDBWithoutDriver extends BaseConnection {
  protected readonly dialect = new DuckDBDialect();

  constructor(override readonly name: string) {
    super();
  }

  override get dialectName(): string {
    return this.dialect.name;
  }

  override runSQL(): Promise<never> {
    return Promise.reject(new Error('The compiler runs no SQL.'));
  }
}

class HostDuckDB extends DuckDBWithoutDriver {
  constructor(
    private readonly spec: ConnectionSpec,
    private readonly packageId: string,
    private readonly host: Host,
  ) {
    super(spec.name);
  }

  override getDigest(): string {
    return this.spec.digest;
  }

  override async fetchTableSchema(tableKey: string, tablePath: string): Promise<TableSourceDef> {
    const path = dataFilePath(tablePath);
    const columns = await this.host.describeTable(this.packageId, this.name, path);
    return {
      type: 'table',
      name: tableKey,
      dialect: this.dialectName,
      tablePath: path,
      connection: this.name,
      fields: this.fields(columns),
    };
  }

  override async fetchSelectSchema(request: SQLSourceRequest): Promise<SQLSourceDef> {
    const columns = await this.host.describeSelect(this.packageId, this.name, request.selectStr);
    return {
      type: 'sql_select',
      ...request,
      dialect: this.dialectName,
      fields: this.fields(columns),
      name: sqlKey(request.connection, request.selectStr),
    };
  }

  private fields(columns: readonly Column[]): TableSourceDef['fields'] {
    return columns.map((c) => mkFieldDef(this.dialect.parseDuckDBType(c.type), c.name));
  }
}

class BrokenConnection extends DuckDBWithoutDriver {
  constructor(
    name: string,
    private readonly problem: string,
  ) {
    super(name);
  }

  override getDigest(): never {
    throw new Error(this.problem);
  }

  override fetchTableSchema(): Promise<never> {
    return Promise.reject(new Error(this.problem));
  }

  override fetchSelectSchema(): Promise<never> {
    return Promise.reject(new Error(this.problem));
  }
}
