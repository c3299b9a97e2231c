import { sqlKey } from '@malloydata/malloy';
import type {
  Dialect,
  FieldDef,
  SQLSourceDef,
  SQLSourceRequest,
  TableSourceDef,
} from '@malloydata/malloy';
import { BaseConnection } from '@malloydata/malloy/connection';
import type { Host } from './host';
import type { Column, ConnectionSpec } from './protocol';

/**
 * Not one of Malloy's own connections: all of those is I/O, and their packages bring drivers, that
 * of DuckDB two hundred megabytes for every platform. The types are the dialect's, which is in Malloy.
 */
export abstract class ConnectionWithoutDriver extends BaseConnection {
  constructor(
    override readonly name: string,
    override readonly dialectName: string,
  ) {
    super();
  }

  override runSQL(): Promise<never> {
    return Promise.reject(new Error('The compiler runs no SQL.'));
  }
}

/** Asks the host for the columns of a table or a SELECT; what they are in Malloy, a dialect says. */
export abstract class HostConnection<D extends Dialect> extends ConnectionWithoutDriver {
  constructor(
    private readonly spec: ConnectionSpec,
    private readonly packageId: string,
    private readonly host: Host,
    protected readonly dialect: D,
  ) {
    super(spec.name, dialect.name);
  }

  protected abstract field(column: Column): FieldDef;

  /**
   * The table as SQL and the host name it.
   *
   * @param tablePath as Malloy would write it into SQL
   * @throws Error when no such table can be described
   */
  protected tablePath(tablePath: string): string {
    return tablePath;
  }

  override getDigest(): string {
    return this.spec.digest;
  }

  override async fetchTableSchema(tableKey: string, tablePath: string): Promise<TableSourceDef> {
    const path = this.tablePath(tablePath);
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

  private fields(columns: readonly Column[]): FieldDef[] {
    return columns.map((column) => this.field(column));
  }
}
