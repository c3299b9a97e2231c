import { isSourceDef } from '@malloydata/malloy';
import type { Model, SourceDef } from '@malloydata/malloy';
import { isPersistableSourceDef } from '../node_modules/@malloydata/malloy/dist/model/malloy_types';
import type {
  PersistableSourceDef,
  Query,
} from '../node_modules/@malloydata/malloy/dist/model/malloy_types';
// Not exported by Malloy; it decides in every query whether a source is read from its table.
import { persistedTableFor } from '../node_modules/@malloydata/malloy/dist/model/sql_compiled';
import { inputOf } from './column-inputs';
import type { Inputs } from './column-inputs';
import { SourceSpace, outputOf } from './column-spaces';
import type { Sources, Space } from './column-spaces';
import { digestsOf } from './connections';
import { notFound } from './failure';
import { identitySql } from './identity-sql';
import type { PackageRuntime } from './package-runtime';
import { queryFailure } from './prepare';
import type { ColumnLineage, PackageSpec, Tables } from './protocol';

/**
 * Which columns of what it reads the columns of a source's table are made of, as far as the model
 * says it: what comes out of SQL is not among them.
 */
export async function columnLineage(
  pkg: PackageRuntime,
  path: string,
  sourceId: string,
  tables: Tables,
): Promise<ColumnLineage> {
  const model = await pkg.model(path);
  const known = Object.keys(model._modelDef.sourceRegistry);
  const source = known.includes(sourceId) ? model._persistSourceFor(sourceId) : undefined;
  if (source === undefined) throw notFound(`persistable source in ${path}`, sourceId, known);
  const definition = source._sourceDef;
  if (definition.type !== 'query_source') return { columns: [] };
  try {
    const output = new ModelSources(model, pkg.spec, tables).output(definition.query);
    const columns = (output?.names ?? []).map((name) => ({
      name,
      inputs: output?.space.column([name]),
    }));
    return {
      columns: columns.flatMap(({ name, inputs }) =>
        inputs === undefined ? [] : [{ name, inputs: [...inputs.values()] }],
      ),
    };
  } catch (error) {
    throw queryFailure(error, path);
  }
}

/** The sources of a model, of which some are read from their tables. */
class ModelSources implements Sources {
  private readonly spaces = new Map<SourceDef, Space>();
  private readonly tables = new Map<SourceDef, string | undefined>();
  private readonly outputs = new Map<Query, ReturnType<typeof outputOf>>();
  /** BuildIDs in the place of tables' names. */
  private readonly options;

  constructor(
    private readonly model: Model,
    spec: PackageSpec,
    built: Tables,
  ) {
    const entries = [...built.keys()].map((buildId) => [buildId, { tableName: buildId }]);
    this.options = {
      buildManifest: {
        entries: Object.fromEntries(entries) as Record<string, { tableName: string }>,
      },
      connectionDigests: digestsOf(spec),
    };
  }

  of(source: SourceDef): Space {
    const known = this.spaces.get(source);
    if (known !== undefined) return known;
    const space = new SourceSpace(source, this);
    this.spaces.set(source, space);
    return space;
  }

  stored(source: SourceDef, field: string): Inputs {
    const use = 'IDENTITY' as const;
    if (source.type === 'table') {
      const { connection, tablePath } = source;
      return inputOf({ buildId: null, connectionName: connection, table: tablePath, field, use });
    }
    if (!isPersistableSourceDef(source)) return undefined;
    const buildId = this.tableOf(source);
    if (buildId !== undefined) {
      return inputOf({ buildId, connectionName: null, table: null, field, use });
    }
    return source.type === 'query_source'
      ? this.output(source.query)?.space.column([field])
      : undefined;
  }

  /** The BuildID of the table that a source is read from; undefined where it is read itself. */
  private tableOf(source: PersistableSourceDef): string | undefined {
    if (!this.tables.has(source)) {
      const compile = (query: Query, options: object | undefined) =>
        identitySql(this.model, query, options);
      this.tables.set(source, persistedTableFor(source, this.options, compile));
    }
    return this.tables.get(source);
  }

  output(query: Query): ReturnType<typeof outputOf> {
    if (!this.outputs.has(query)) {
      const source = this.sourceOf(query);
      this.outputs.set(query, source && outputOf(query.pipeline, this.of(source), this));
    }
    return this.outputs.get(query);
  }

  private sourceOf({ compositeResolvedSourceDef, structRef }: Query): SourceDef | undefined {
    if (compositeResolvedSourceDef !== undefined) return compositeResolvedSourceDef;
    if (typeof structRef !== 'string') return structRef;
    const named = this.model._modelDef.contents[structRef];
    return named !== undefined && isSourceDef(named) ? named : undefined;
  }
}
