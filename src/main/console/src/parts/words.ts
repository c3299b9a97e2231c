import type { PlanTarget, Reason, RunStatus, TargetStatus } from '../api/types';

const REASONS: Record<Reason, string> = {
  NEW: 'its name is new',
  SQL_CHANGED: 'its SQL has changed',
  FORCED: 'a refresh was asked for',
  TABLE_MISSING: 'its table is gone from the database',
  DATA_CHANGED: 'its data has changed',
  UPSTREAM: 'something that it reads is built anew',
  RENAMED: 'only its name has changed',
  MOVED: 'the package’s folder has moved',
  UNCHANGED: 'nothing has changed',
  NOT_SELECTED: 'it isn’t selected',
  UNPLANNED: 'only a model that doesn’t compile declares it',
};

export function reasonInWords(reason: Reason, changedData: string[] = []): string {
  const why = REASONS[reason];
  return changedData.length > 0 ? `${why}: ${changedData.join(', ')}` : why;
}

const STATUSES: Record<TargetStatus | RunStatus | PlanTarget['action'], string> = {
  PENDING: 'Waiting',
  RUNNING: 'Running',
  BUILT: 'Built',
  REUSED: 'Reused',
  FAILED: 'Failed',
  SKIPPED: 'Skipped',
  CANCELLED: 'Stopped',
  SUCCESS: 'Success',
  BUILD: 'To build',
  REUSE: 'To reuse',
  LEAVE: 'Left out',
};

export type AnyStatus = keyof typeof STATUSES;

export function statusInWords(status: AnyStatus): string {
  return STATUSES[status];
}

const LIVE: Record<string, string> = {
  NOT_BUILT: 'there is no table of it yet',
  SQL_CHANGED: 'its SQL has changed since its table was built',
  TABLE_MISSING: 'its table is gone from the database',
  MOVED: 'the package’s folder has moved since its table was built',
};

export function liveInWords(reason: string): string {
  return LIVE[reason] ?? reason;
}
