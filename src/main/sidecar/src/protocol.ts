/** The types of the contract between the server (Java) and this process. */

export interface ConnectionSpec {
  readonly name: string;
  /** `duckdb` or `postgres`. */
  readonly type: string;
  /** Part of every BuildID on this connection; opaque here. */
  readonly digest: string;
}

/** One immutable package content: the same id never means anything else. */
export interface PackageSpec {
  readonly id: string;
  readonly connections: readonly ConnectionSpec[];
  /** Package-relative paths of the model files. */
  readonly models: readonly string[];
  /** The models whose exports alone may be queried; null where everything may. */
  readonly explores: readonly string[] | null;
}

export type Severity = 'error' | 'warn' | 'info';

export interface Problem {
  readonly message: string;
  readonly severity: Severity;
  readonly code: string;
  /** Package-relative path, or null when the problem is in the caller's text. */
  readonly model: string | null;
  /** Counted from 1. */
  readonly line: number | null;
  /** Counted from 1. */
  readonly column: number | null;
}

export interface Position {
  readonly line: number | null;
  readonly column: number | null;
}

/** A given as clients are told of it. */
export interface GivenReport {
  /** What the model calls it. */
  readonly name: string;
  /** What it is called where it is declared. */
  readonly declaredName: string;
  readonly type: string;
  readonly annotations: readonly string[];
  /** Its default as it is written; null without one. */
  readonly default: string | null;
}

/** What a query's givens are to be. */
export interface Givens {
  /** Those of the request, by the model's names. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Those that the project binds, by name; the value is null for who has no such claim. */
  readonly bound: Readonly<Record<string, BoundGiven>>;
}

export const NO_GIVENS: Givens = { values: {}, bound: {} };

export interface BoundGiven {
  readonly claim: string;
  readonly value: unknown;
}

export interface ModelReport {
  /** The model compiles. A malformed `#@` is a problem, but does not change this. */
  readonly ok: boolean;
  readonly persistence: boolean;
  readonly problems: readonly Problem[];
  readonly modelInfo: unknown;
  readonly sources: readonly ({ name: string; persisted: boolean; gated: boolean } & Position)[];
  readonly queries: readonly ({ name: string } & Position)[];
  /** Those that a request may give. */
  readonly givens: readonly GivenReport[];
  readonly imports: readonly string[];
}

export type TablePath = { readonly segments: readonly string[] } | { readonly problem: string };

export interface TargetSource extends Position {
  readonly name: string;
  readonly sourceId: string;
  /** The file that declares the source, which may be an imported one. */
  readonly model: string;
  readonly declaredName: string | null;
  readonly path: TablePath;
}

export interface Target {
  readonly buildId: string;
  readonly connectionName: string;
  readonly dialect: string;
  /** What the BuildID was computed from; not what a build runs. */
  readonly sql: string;
  readonly dependsOn: readonly string[];
  /** Whether it is made of what only some may read. */
  readonly gated: boolean;
  readonly sources: readonly TargetSource[];
}

/** A source that is a table or a SELECT of the database; one of `table` and `sql` is null. */
export interface TableRead extends Position {
  readonly connectionName: string;
  readonly table: string | null;
  readonly sql: string | null;
  readonly model: string;
}

export interface ModelPlan {
  readonly path: string;
  readonly ok: boolean;
  /** What it wants built is known. A model that compiles may still have a source without SQL. */
  readonly planned: boolean;
  readonly persistence: boolean;
  /** The models that it imports itself; none where it doesn't compile. */
  readonly imports: readonly string[];
  readonly problems: readonly Problem[];
}

export interface Plan {
  readonly models: readonly ModelPlan[];
  readonly targets: readonly Target[];
  /** What may read a declared table past the manifest. */
  readonly reads: readonly TableRead[];
  /** Every problem of every model, each once: importers repeat those of what they import. */
  readonly problems: readonly Problem[];
}

export type QueryRef =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'view'; readonly source: string; readonly name: string };

/** BuildID to table path, as SQL. */
export type Tables = ReadonlyMap<string, string>;

export interface Prepared {
  readonly sql: string;
  readonly connectionName: string;
  readonly dialect: string;
  readonly result: unknown;
  readonly reads: readonly { readonly buildId: string; readonly hit: boolean }[];
  /** Whether it reads what only some may. */
  readonly gated: boolean;
  readonly problems: readonly Problem[];
}

/** From what leaves a value as it is to what only decides over it. */
export type ColumnUse = 'IDENTITY' | 'TRANSFORMATION' | 'AGGREGATION' | 'CONDITION';

/** A column that another one is made of: of a target's table, or of one that the model names. */
export interface ColumnInput {
  readonly buildId: string | null;
  readonly connectionName: string | null;
  /** As it stands in SQL. */
  readonly table: string | null;
  readonly field: string;
  readonly use: ColumnUse;
}

export interface ColumnLineage {
  /** Those of which all inputs are known. */
  readonly columns: readonly { readonly name: string; readonly inputs: readonly ColumnInput[] }[];
}

export interface CheckReport {
  readonly status: 'success' | 'error';
  /** Whether it is made of what only some may read. */
  readonly gated: boolean;
  readonly problems: readonly Problem[];
  readonly sql?: string;
}

export interface Column {
  readonly name: string;
  /**
   * The database's own text, for example `DECIMAL(18,3)`. On PostgreSQL it is without modifiers: a
   * domain is its base type, an array its element's type and one `[]`, whatever its dimensions, and
   * an enum, a composite or a range is `USER-DEFINED`.
   */
  readonly type: string;
}

export type FailureKind =
  | 'model'
  | 'query'
  | 'not_found'
  | 'given'
  | 'given_bound'
  | 'claim'
  | 'gated'
  | 'denied'
  | 'filter'
  | 'too_large'
  | 'invalid'
  | 'internal';

export const MAX_TEXT_BYTES = 1024 * 1024;
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
