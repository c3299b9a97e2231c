import { ask, json, parts } from './http';
import type {
  Caller,
  Manifest,
  Model,
  ModelRef,
  Package,
  Plan,
  Project,
  QueryResult,
  Run,
  RunStatus,
  Setting,
  SignIn,
  Status,
  Version,
  Worker,
} from './types';

/** A package, as the API's paths and the console's addresses name it. */
export interface PackageKey {
  project: string;
  name: string;
}

export interface RunOptions {
  sources?: string[];
  forceRefresh: boolean;
  failFast: boolean;
  onError: 'fail' | 'publish';
  freshness: 'check' | 'ignore';
}

export interface Asked {
  query?: string;
  queryName?: string;
  givens?: Record<string, unknown>;
}

/** Which runs, newest first. Each comes with all that is known of it, so few are asked for. */
export interface Which {
  limit: number;
  offset?: number;
  status?: RunStatus;
  createdAfter?: string;
}

type Signal = AbortSignal | undefined;

const within = ({ project, name }: PackageKey) => parts('projects', project, 'packages', name);
const asked = (which: Which) =>
  new URLSearchParams(
    Object.entries(which).map(([name, value]) => [name, String(value)]),
  ).toString();
const quiet = (signal: Signal) => (signal ? { signal } : {});

export const api = {
  caller: (signal?: Signal) => json<Caller>('caller', quiet(signal)),
  signIns: (signal?: Signal) => json<SignIn[]>('sign-ins', { anonymous: true, ...quiet(signal) }),
  status: (signal?: Signal) => json<Status>('status', quiet(signal)),
  settings: (signal?: Signal) => json<Setting[]>('settings', quiet(signal)),
  projects: (signal?: Signal) => json<Project[]>('projects', quiet(signal)),
  packages: (project: string, signal?: Signal) =>
    json<Package[]>(`${parts('projects', project)}/packages`, quiet(signal)),
  projectRuns: (project: string, which: Which, signal?: Signal) =>
    json<Run[]>(`${parts('projects', project)}/materializations?${asked(which)}`, quiet(signal)),
  workers: (project: string, signal?: Signal) =>
    json<Worker[]>(`${parts('projects', project)}/workers`, quiet(signal)),
  package: (key: PackageKey, signal?: Signal) => json<Package>(within(key), quiet(signal)),
  reload: (key: PackageKey) => json<Manifest>(`${within(key)}/manifest/reload`, { method: 'POST' }),
  plan: (key: PackageKey, forceRefresh: boolean, signal?: Signal) =>
    json<Plan>(`${within(key)}/plan?forceRefresh=${String(forceRefresh)}`, quiet(signal)),
  runs: (key: PackageKey, which: Which, signal?: Signal) =>
    json<Run[]>(`${within(key)}/materializations?${asked(which)}`, quiet(signal)),
  run: (key: PackageKey, id: string, signal?: Signal) =>
    json<Run>(`${within(key)}/${parts('materializations', id)}`, quiet(signal)),
  start: (key: PackageKey, options: RunOptions) =>
    json<Run>(`${within(key)}/materializations`, {
      method: 'POST',
      body: { ...options, start: true },
    }),
  stop: (key: PackageKey, id: string) =>
    json<Run>(`${within(key)}/${parts('materializations', id)}/stop`, { method: 'POST' }),
  events: (key: PackageKey, id: string, after: string | undefined, signal: AbortSignal) =>
    ask(`${within(key)}/${parts('materializations', id)}/events`, {
      accept: 'text/event-stream',
      signal,
      ...(after !== undefined && { headers: { 'Last-Event-ID': after } }),
    }),
  manifest: (key: PackageKey, signal?: Signal) =>
    json<Manifest>(`${within(key)}/manifest`, quiet(signal)),
  versions: (key: PackageKey, signal?: Signal) =>
    json<Version[]>(`${within(key)}/manifest/versions`, quiet(signal)),
  rollback: (key: PackageKey, version: number, force: boolean) =>
    json<Manifest>(`${within(key)}/manifest/rollback`, {
      method: 'POST',
      body: { version, force },
    }),
  models: (key: PackageKey, signal?: Signal) =>
    json<ModelRef[]>(`${within(key)}/models`, quiet(signal)),
  model: (key: PackageKey, path: string, signal?: Signal) =>
    json<Model>(`${within(key)}/${parts('models', path)}`, quiet(signal)),
  query: (key: PackageKey, path: string, asked: Asked, signal: AbortSignal) =>
    json<QueryResult>(`${within(key)}/${parts('models', path)}/query`, {
      method: 'POST',
      body: asked,
      signal,
    }),
  csv: (key: PackageKey, path: string, asked: Asked, signal: AbortSignal) =>
    ask(`${within(key)}/${parts('models', path)}/query`, {
      method: 'POST',
      body: asked,
      accept: 'text/csv',
      signal,
    }),
};
