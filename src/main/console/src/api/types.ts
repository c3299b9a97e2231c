/** What the API answers with, as far as the console shows it; `api-doc.yaml` says the rest. */
export type RunStatus = 'PENDING' | 'RUNNING' | 'SUCCESS' | 'FAILED' | 'CANCELLED';

export type TargetStatus =
  'PENDING' | 'RUNNING' | 'BUILT' | 'REUSED' | 'FAILED' | 'SKIPPED' | 'CANCELLED';

export type Reason =
  | 'NEW'
  | 'SQL_CHANGED'
  | 'FORCED'
  | 'TABLE_MISSING'
  | 'DATA_CHANGED'
  | 'UPSTREAM'
  | 'RENAMED'
  | 'MOVED'
  | 'UNCHANGED'
  | 'NOT_SELECTED'
  | 'UNPLANNED';

export type RoleName = 'read' | 'query' | 'build' | 'admin';

export interface Caller {
  id: string;
  name: string;
  roles: { project: string; role: RoleName }[];
}

/** An issuer that people sign in with. */
export interface SignIn {
  issuer: string;
  audience: string;
  clientId: string;
  scopes: string[];
  parameters: Record<string, string>;
}

export interface Project {
  name: string;
  packages: { name: string; location: string }[];
  connections: { name: string; type: string }[];
  materializationStorage?: { catalogUrl: string; dataPath: string } | null;
}

export interface Package {
  projectName: string;
  name: string;
  location: string;
  description?: string | null;
  strict: boolean;
  stale?: boolean;
  servedVersion: number;
  error?: string | null;
}

export interface Problem {
  message: string;
  severity: 'error' | 'warn' | 'info';
  code: string;
  model?: string | null;
  line?: number | null;
  column?: number | null;
  /** What stands there, for whoever may build. */
  excerpt?: Excerpt | null;
}

/** Lines of a model; the first one has the number `line`. */
export interface Excerpt {
  line: number;
  lines: string[];
}

export interface Target {
  buildId: string;
  tableName: string;
  physicalTable?: string | null;
  connectionName: string;
  sourceNames: string[];
  dependsOn: string[];
  status: TargetStatus;
  reason: Reason;
  changedData: string[];
  rows?: number | null;
  bytes?: number | null;
  startedAt?: string | null;
  durationMs?: number | null;
  sql?: string | null;
  error?: string | null;
  model?: string | null;
  line?: number | null;
}

export interface Planning {
  models: number;
  modelsCompiled: number;
  sourcesPlanned: number;
}

export interface Run {
  id: string;
  packageName: string;
  projectId: string;
  status: RunStatus;
  forceRefresh: boolean;
  sources: string[];
  createdAt: string;
  updatedAt: string;
  startedAt?: string | null;
  completedAt?: string | null;
  error?: string | null;
  metadata: {
    sourcesBuilt: number;
    sourcesSkipped: number;
    sourcesFailed: number;
    gcDropped: string[];
    gcErrors: string[];
    planning?: Planning | null;
  };
  targets: Target[];
  problems: Problem[];
}

export interface PlanTarget {
  buildId: string;
  tableName: string;
  physicalTable?: string | null;
  connectionName: string;
  sourceNames: string[];
  action: 'BUILD' | 'REUSE' | 'LEAVE';
  reason: Reason;
  changedData: string[];
  freshness: 'checked' | 'unknown';
  sql: string;
  previousSql?: string | null;
  dependsOn: string[];
  downstream: string[];
  model?: string | null;
  line?: number | null;
}

export interface Plan {
  version: number;
  refused: boolean;
  targets: PlanTarget[];
  removed: string[];
  sourcesUnplanned: string[];
  problems: Problem[];
}

export interface Version {
  version: number;
  current: boolean;
  cause: 'RUN' | 'ROLLBACK' | 'TEARDOWN';
  materializationId?: string | null;
  restored?: number | null;
  publishedAt: string;
  tables: string[];
}

export interface Manifest {
  entries: Record<
    string,
    { tableName: string; physicalTable: string; rows: number; builtAt?: string | null }
  >;
  version?: number | null;
  servedVersion?: number | null;
}

export interface ModelRef {
  path: string;
  error?: string | null;
}

/** A parameter of a model. */
export interface Given {
  name: string;
  /** As models write it. */
  type: string;
  default?: string | null;
  /** Whether it comes from the caller's key or token. */
  bound: boolean;
}

export interface Model {
  path: string;
  malloyVersion: string;
  modelInfo: string;
  queries: { name: string }[];
  sources: { name: string; persisted: boolean; gated: boolean }[];
  givens: Given[];
  problems: Problem[];
}

export interface QueryResult {
  result: string;
  sql?: string | null;
  renderLogs: Problem[];
  materialized: {
    source: string;
    tableName: string;
    physicalTable: string;
    builtAt?: string | null;
  }[];
  live: { source: string; reason: string }[];
  cached: boolean;
}

export interface Worker {
  id: string;
  name: string;
  version: string;
  startedAt: string;
  seenAt: string;
  self: boolean;
  packages: { packageName: string; version: number }[];
}

export interface Status {
  version: string;
  operationalState: string;
  frozenConfig: boolean;
  projects: Project[];
  workers: Record<string, Worker[]>;
  stuck: { projectName: string; packageName: string; what: string; seconds: number }[];
}

export interface Setting {
  name: string;
  value?: string | null;
  given: boolean;
}

export interface ProblemDocument {
  status: number;
  code: string;
  message: string;
  problems: Problem[];
}
