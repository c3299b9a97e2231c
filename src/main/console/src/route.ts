import { useEffect, useState } from 'preact/hooks';
import type { PackageKey } from './api/client';
import { enteredIn, texted, type Entered } from './parts/given-values';

/** A page, as the address after `#` names it; it can be sent to a colleague. */
export type Route =
  | { page: 'projects' }
  | { page: 'server' }
  | { page: 'package'; key: PackageKey; tab: Tab }
  | { page: 'target'; key: PackageKey; table: string }
  | { page: 'run'; key: PackageKey; run: string }
  | {
      page: 'query';
      key: PackageKey;
      model: string | undefined;
      text: string | undefined;
      givens: Entered;
    }
  | { page: 'unknown' };

export const TABS = ['tables', 'plan', 'runs', 'versions'] as const;
export type Tab = (typeof TABS)[number];

export function parse(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?');
  let names: string[];
  try {
    names = path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
  } catch {
    return { page: 'unknown' };
  }
  const [first, project, name, what = 'tables', which] = names;
  if (first === undefined) return { page: 'projects' };
  if (first === 'server') return { page: 'server' };
  if (first !== 'projects' || project === undefined || name === undefined)
    return { page: 'unknown' };
  const key = { project, name };
  if (what === 'query') {
    const asked = new URLSearchParams(search);
    const text = asked.get('q') ?? undefined;
    return { page: 'query', key, model: which, text, givens: enteredIn(asked.get('givens')) };
  }
  if (what === 'tables' && which !== undefined) return { page: 'target', key, table: which };
  if (what === 'runs' && which !== undefined) return { page: 'run', key, run: which };
  const tab = TABS.find((one) => one === what);
  return tab && which === undefined ? { page: 'package', key, tab } : { page: 'unknown' };
}

export const to = {
  package: (key: PackageKey, tab: Tab = 'tables') => address(key, tab),
  target: (key: PackageKey, table: string) => address(key, 'tables', table),
  run: (key: PackageKey, id: string) => address(key, 'runs', id),
  query: (key: PackageKey, model?: string, text?: string, givens: Entered = {}) => {
    const asked = Object.entries({ q: text, givens: texted(givens) })
      .flatMap(([name, value]) =>
        value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
      )
      .join('&');
    const path = address(key, 'query', ...(model === undefined ? [] : [model]));
    return asked === '' ? path : `${path}?${asked}`;
  },
};

function address({ project, name }: PackageKey, ...rest: string[]) {
  return `#/${['projects', project, name, ...rest].map(encodeURIComponent).join('/')}`;
}

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = () => {
      setHash(location.hash);
    };
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return parse(hash);
}
