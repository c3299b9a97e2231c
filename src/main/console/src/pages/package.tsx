import { api, type PackageKey } from '../api/client';
import { useLoad } from '../live/use-load';
import { useMay } from '../live/use-caller';
import { Await, Title } from '../parts/basics';
import { cut } from '../parts/format';
import { TABS, to, type Tab } from '../route';
import { PlanTab } from './plan-tab';
import { RunsTab } from './runs-tab';
import { TablesTab } from './tables-tab';
import { VersionsTab } from './versions-tab';

const NAMES: Record<Tab, string> = {
  tables: 'Tables',
  plan: 'Plan',
  runs: 'Runs',
  versions: 'Versions',
};

export function PackagePage({ packageKey, tab }: { packageKey: PackageKey; tab: Tab }) {
  const mayQuery = useMay('query', packageKey.project);
  return (
    <>
      <Crumbs packageKey={packageKey} />
      <Title>{packageKey.name}</Title>
      <Facts packageKey={packageKey} />
      <nav class="tabs" aria-label="Package">
        {TABS.map((one) => (
          <a
            key={one}
            href={to.package(packageKey, one)}
            aria-current={one === tab ? 'page' : undefined}
          >
            {NAMES[one]}
          </a>
        ))}
        {mayQuery && <a href={to.query(packageKey)}>Query</a>}
      </nav>
      {tab === 'tables' && <TablesTab packageKey={packageKey} />}
      {tab === 'plan' && <PlanTab packageKey={packageKey} />}
      {tab === 'runs' && <RunsTab packageKey={packageKey} />}
      {tab === 'versions' && <VersionsTab packageKey={packageKey} />}
    </>
  );
}

export function Crumbs({
  packageKey,
  inside = false,
}: {
  packageKey: PackageKey;
  inside?: boolean;
}) {
  return (
    <nav class="crumbs" aria-label="Where this is">
      <a href="#/">{packageKey.project}</a>
      {inside && (
        <>
          {' / '}
          <a href={to.package(packageKey)}>{packageKey.name}</a>
        </>
      )}
    </nav>
  );
}

function Facts({ packageKey }: { packageKey: PackageKey }) {
  const known = useLoad((signal) => api.package(packageKey, signal), [packageKey], 3000);
  return (
    <Await of={known}>
      {(one) => (
        <>
          {one.description && <p class="text">{one.description}</p>}
          <p class="facts">
            <span>
              {one.servedVersion === 0 ? 'No tables yet' : `Version ${one.servedVersion} is served`}
            </span>
            {one.strict && <span class="badge">strict</span>}
            {one.stale === true && <span class="badge warn">Folder has changed</span>}
          </p>
          {one.error && (
            <p class="failure text" role="alert">
              It isn’t served: {cut(one.error, 2000)}
            </p>
          )}
        </>
      )}
    </Await>
  );
}
