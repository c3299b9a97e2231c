import { Params } from './params';
import type { Column } from './protocol';
import type { RpcPeer } from './rpc';

/** How far a package's models are. */
export interface Progress {
  /** How many there are. */
  readonly models: number;
  readonly modelsCompiled: number;
  /** Persisted sources whose SQL is worked out; one may be planned in several models. */
  readonly sourcesPlanned: number;
}

/** What the compiler asks the server for. A refusal is an error whose message is for the user. */
export interface Host {
  readModel(packageId: string, path: string): Promise<string>;
  describeTable(packageId: string, connection: string, table: string): Promise<Column[]>;
  describeSelect(packageId: string, connection: string, sql: string): Promise<Column[]>;
  progress(packageId: string, progress: Progress): void;
}

export class RpcHost implements Host {
  constructor(private readonly peer: RpcPeer) {}

  async readModel(packageId: string, path: string): Promise<string> {
    const answer = await this.peer.request('readModel', { package: packageId, path });
    return new Params(answer, 'readModel').string('text');
  }

  async describeTable(packageId: string, connection: string, table: string): Promise<Column[]> {
    const params = { package: packageId, connection, table };
    return columns('describeTable', await this.peer.request('describeTable', params));
  }

  async describeSelect(packageId: string, connection: string, sql: string): Promise<Column[]> {
    const params = { package: packageId, connection, sql };
    return columns('describeSelect', await this.peer.request('describeSelect', params));
  }

  progress(packageId: string, progress: Progress): void {
    this.peer.notify('progress', { package: packageId, ...progress });
  }
}

function columns(method: string, answer: unknown): Column[] {
  return new Params(answer, method).array('columns', (value, where) => {
    const column = new Params(value, where);
    return { name: column.string('name'), type: column.string('type') };
  });
}
