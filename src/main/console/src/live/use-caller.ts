import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Caller, RoleName } from '../api/types';

export const CallerContext = createContext<Caller | undefined>(undefined);

const ORDER: RoleName[] = ['read', 'query', 'build', 'admin'];

/** Whether who asks has a role in a project, or one that includes it. The server checks it anyhow. */
export function may(caller: Caller | undefined, role: RoleName, project: string): boolean {
  return (
    caller?.roles.some(
      (mine) =>
        (mine.project === '*' || mine.project === project) &&
        ORDER.indexOf(mine.role) >= ORDER.indexOf(role),
    ) === true
  );
}

export function useMay(role: RoleName, project: string): boolean {
  return may(useContext(CallerContext), role, project);
}
