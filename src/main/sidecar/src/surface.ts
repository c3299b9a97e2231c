import type { DocumentLocation } from '@malloydata/malloy';
import { notFound } from './failure';
import type { Named } from './named-sources';
import type { PackageRuntime } from './package-runtime';

/** Which declarations may be queried. */
export type Surface = (declared: { readonly location?: DocumentLocation | undefined }) => boolean;

const known = new WeakMap<PackageRuntime, Surface>();

/**
 * What the models that `publisher.json` explores export, as the upstream system has it: by the
 * declaration, not by its name, whichever of these models a query is asked of. Everything where
 * nothing is said.
 */
export async function surfaceOf(pkg: PackageRuntime): Promise<Surface> {
  const { explores } = pkg.spec;
  if (explores === null) return () => true;
  const before = known.get(pkg);
  if (before !== undefined) return before;
  const exported = new Set<string>();
  let complete = true;
  for (const path of explores) {
    const compiled = await pkg.compile(path);
    if (!compiled.ok) {
      complete = false;
      continue;
    }
    const { contents, exports } = compiled.model._modelDef;
    for (const name of exports) {
      const entry = contents[name];
      if (entry !== undefined && 'location' in entry) exported.add(place(entry.location));
    }
  }
  const surface: Surface = ({ location }) => exported.has(place(location));
  if (complete) known.set(pkg, surface);
  return surface;
}

/** @throws Failure "not_found", as if it weren't there */
export function refuseHidden(
  path: string,
  named: readonly Named[],
  surface: Surface,
  visible: (kind: Named['kind']) => string[],
): void {
  const hidden = named.find((one) => !surface(one));
  if (hidden === undefined) return;
  throw notFound(`${hidden.kind} in ${path}`, hidden.name, visible(hidden.kind));
}

function place(location: DocumentLocation | undefined): string {
  if (location === undefined) return '';
  const { line, character } = location.range.start;
  return `${line}:${character}:${location.url}`;
}
