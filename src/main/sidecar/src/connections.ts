import type { Connection, LookupConnection } from '@malloydata/malloy';
import { HostDuckDB } from './duckdb-connection';
import type { Host } from './host';
import { ConnectionWithoutDriver } from './host-connection';
import { HostPostgres } from './postgres-connection';
import type { ConnectionSpec, PackageSpec } from './protocol';

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
    case 'postgres':
      return new HostPostgres(spec, packageId, host);
    default: {
      const problem = `The connection "${spec.name}" is of type "${spec.type}", which is not supported.`;
      return new BrokenConnection(spec.name, problem);
    }
  }
}

class BrokenConnection extends ConnectionWithoutDriver {
  constructor(
    name: string,
    private readonly problem: string,
  ) {
    super(name, 'duckdb');
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
